import FoveaHTTP
import FoveaVision
import Synchronization

/// The share of the memory for drawings that one answer takes, given back when it is let go.
final class DrawingLease: Sendable {
    private let budget: ByteBudget
    private let held = Atomic<Int>(0)

    init(_ budget: ByteBudget) {
        self.budget = budget
    }

    deinit {
        budget.release(held.load(ordering: .relaxed))
    }

    /// A PNG file of a drawing.
    ///
    /// - Parameter encoder: makes the file.
    /// - Throws: `drawingsFull` where there is no memory left for it, `drawingFailed` with the encoder's reason.
    func encode(
        _ drawing: Picture, by encoder: (Picture) throws(PictureError) -> [UInt8] = DrawingLease.png
    ) throws(ClassificationError) -> [UInt8] {
        // Before the work, for as much as the file can be expected to take at most; then for what it takes.
        let expected = drawing.pixels.count
        try take(expected)
        defer { give(expected) }
        let file: [UInt8]
        do throws(PictureError) {
            file = try encoder(drawing)
        } catch {
            throw .drawingFailed(error.detail)
        }
        // As it is, and as base64 in the answer's body.
        try take(file.count + (file.count + 2) / 3 * 4)
        return file
    }

    /// Drawings are noise and slopes: higher levels take several times as long and save little.
    static func png(_ drawing: Picture) throws(PictureError) -> [UInt8] { try PNGEncoder.encode(drawing, compression: 2) }

    private func take(_ count: Int) throws(ClassificationError) {
        guard budget.reserve(count) else { throw .drawingsFull }
        held.add(count, ordering: .relaxed)
    }

    private func give(_ count: Int) {
        held.subtract(count, ordering: .relaxed)
        budget.release(count)
    }
}
