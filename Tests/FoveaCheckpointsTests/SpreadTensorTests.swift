import Foundation
import Testing

@testable import FoveaCheckpoints

/// Views whose elements lie far apart in the file.
struct SpreadTensorTests {
    private func tensor(
        _ file: URL, _ type: ScalarType, at offset: Int = 0, _ shape: [Int], _ strides: [Int]
    ) throws -> CheckpointTensor {
        CheckpointTensor(
            name: "view", shape: shape, scalarType: type, count: shape.reduce(1, *), file: try CheckpointFile(file), offset: offset,
            strides: strides)
    }

    /// A stretch of 4 GiB, of which the file has 16 KiB: were it read whole, there would be no room for it.
    @Test(.timeLimit(.minutes(1))) func readsAFewElementsOfASparseFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([], as: "sparse")
        let handle = try FileHandle(forWritingTo: file)
        let strides = [1 << 24, 1 << 18]
        try handle.truncate(atOffset: UInt64(4 * 64 << 24))
        for row in 0..<64 {
            try handle.seek(toOffset: UInt64(4 * (row * strides[0] + (row + 3) % 64 * strides[1])))
            try handle.write(contentsOf: littleEndian(Float(row + 1).bitPattern))
        }
        try handle.close()
        var expected = [Float](repeating: 0, count: 64 * 64)
        for row in 0..<64 { expected[row * 64 + (row + 3) % 64] = Float(row + 1) }
        #expect(try tensor(file, .float32, [64, 64], strides).floats() == expected)
    }

    /// Slices that are spread a little and a lot, of types of every width, up to the file's last byte.
    @Test(arguments: [ScalarType.uint8, .int16, .float32, .float64]) func readsSlicesOfAWideMatrix(_ type: ScalarType) throws {
        let (rows, columns) = (40, 3000)
        let numbers = (0..<rows * columns).map { $0 * 7 % 251 }
        let bytes = numbers.flatMap { number -> [UInt8] in
            switch type {
            case .uint8: [UInt8(number)]
            case .int16: littleEndian(UInt16(number))
            case .float32: littleEndian(Float(number).bitPattern)
            default: littleEndian(Double(number).bitPattern)
            }
        }
        let folder = try TemporaryFolder()
        let file = try folder.write([1, 2, 3] + bytes, as: "matrix")
        let width = type.bitWidth / 8
        for (first, step, count) in [(0, 1, 1), (2999, 1, 1), (17, 3, 900), (2, 5, 600), (0, 1000, 3), (999, 1000, 3)] {
            let slice = try tensor(file, type, at: 3 + first * width, [rows, count], [columns, step])
            let turned = try tensor(file, type, at: 3 + first * width, [count, rows], [step, columns])
            let cells = (0..<rows).map { row in (0..<count).map { Float(numbers[row * columns + first + $0 * step]) } }
            #expect(try slice.floats() == Array(cells.joined()))
            #expect(try turned.floats() == (0..<count).flatMap { column in cells.map { $0[column] } })
        }
    }
}
