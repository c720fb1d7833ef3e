import FoveaSystem

/// A network's input with its pixels covered up in the order of a map's values.
struct PixelOrder {
    /// The pixels, the one with the greatest value first; equal ones in random order, so that a map that says nothing chooses nothing.
    let pixels: [Int]

    init(_ field: [Float], generator: inout SplitMix64) {
        // What is no number comes last.
        let keys = field.map { ($0.isNaN ? -Float.infinity : $0, UInt32.random(in: 0...(.max), using: &generator)) }
        pixels = keys.indices.sorted { keys[$0].0 > keys[$1].0 || (keys[$0].0 == keys[$1].0 && keys[$0].1 > keys[$1].1) }
    }

    /// The first pixels from one picture, the others from another one.
    ///
    /// - Parameters:
    ///   - share: of the pixels, from 0 to 1.
    ///   - values, others: [C, H, W] with as many positions as there are pixels.
    func mixed(_ share: Double, of values: [Float], with others: [Float]) -> [Float] {
        let area = max(1, pixels.count)
        let count = Int((share * Double(pixels.count)).rounded())
        var mixed = others
        for plane in stride(from: 0, to: values.count - area + 1, by: area) {
            for pixel in pixels.prefix(count) { mixed[plane + pixel] = values[plane + pixel] }
        }
        return mixed
    }

    /// The place of a field's greatest value; of equal ones a random one.
    static func peak(_ field: [Float], generator: inout SplitMix64) -> Int {
        let greatest = field.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
        let places = field.indices.filter { field[$0] == greatest }
        return places.randomElement(using: &generator) ?? Int.random(in: 0..<max(1, field.count), using: &generator)
    }
}
