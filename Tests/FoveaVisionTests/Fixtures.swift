import Foundation
import FoveaSystem
import Testing

@testable import FoveaVision

/// What `weights/recipes/preprocessing_fixtures.py` wrote.
struct Fixtures: Sendable {
    struct Output: Decodable, Sendable {
        let height, width: Int
        let interpolation, cropMode: String
        let cropPct: Double
        let bytes: [Int]
        let valuesCrc32: UInt32

        var preprocessor: Preprocessor {
            get throws {
                try Preprocessor(
                    height: height, width: width, interpolation: #require(Interpolation(rawValue: interpolation)),
                    cropFraction: cropPct, cropMode: #require(CropMode(rawValue: cropMode)))
            }
        }
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let file: String
        let ok: Bool
        let width, height, channels, orientation: Int?
        let crc32: UInt32?
        let pixels: [Int]?
        let outputs: [Output]?

        var testDescription: String { file }
    }

    private struct Index: Decodable {
        let cases: [Case]
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let shared = Fixtures()

    let cases: [Case]
    private let blob: [UInt8]

    private init() {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let index = try? decoder.decode(Index.self, from: Data(contentsOf: Self.folder.appendingPathComponent("expected.json")))
        cases = index?.cases ?? []
        blob = (try? Data(contentsOf: Self.folder.appendingPathComponent("expected.bin"))).map { [UInt8]($0) } ?? []
    }

    func bytes(_ slice: [Int]) -> [UInt8] { Array(blob[slice[0]..<slice[0] + slice[1]]) }

    static func picture(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent("pictures").appendingPathComponent(name)))
    }
}

extension Picture {
    static func random(width: Int, height: Int, channels: Int, _ generator: inout SplitMix64) -> Picture {
        let pixels = (0..<width * height * channels).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return Picture(unchecked: width, height, channels, pixels)
    }
}

func checksum(_ values: [Float]) -> UInt32 {
    CRC32.of(values.withUnsafeBytes { ArraySlice($0) })
}
