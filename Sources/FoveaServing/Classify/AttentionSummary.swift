import FoundationEssentials
import FoveaVision
import Glibc

/// What a person reads of an attention map at a glance.
public struct AttentionSummary: Sendable, Hashable {
    /// One element of a map.
    public struct Element: Sendable, Hashable {
        /// Its place, one number an axis of the map.
        public var index: [Int]
        /// The attention it got.
        public var weight: Float
    }

    /// How many elements are named at either end.
    static let named = 5

    /// The elements with the most attention, the first the greatest; of channels, filters, kernels and branches, and not of places.
    public var highest: [Element]?
    /// The elements with the least attention, the first the least.
    public var lowest: [Element]?
    /// How evenly the attention is spread: 1 where every element has as much, 0 where one has all.
    ///
    /// Shannon's entropy of the values' magnitudes, taken as shares of their sum, over the logarithm of their number. Nothing for a single element, for a stack of
    /// planes, and where the magnitudes have no finite sum above zero.
    public var entropy: Double?
    /// The share of the attention that falls into the quarter of the picture with the greatest class activation; about 0.25 where the two have nothing to do
    /// with each other. Only where a class activation map was asked for.
    public var shareInCAM: Double?

    /// - Parameters:
    ///   - values: row-major in `shape`, at the layer's own size.
    ///   - isSpatial: whether the last two axes are places.
    init(_ values: [Float], shape: [Int], isSpatial: Bool) {
        if !isSpatial {
            highest = Self.first(values, shape) { $0 > $1 }
            lowest = Self.first(values, shape) { $0 < $1 }
        }
        if !isSpatial || shape.count == 2 { entropy = Self.entropy(values) }
    }

    static func entropy(_ values: [Float]) -> Double? {
        let sum = values.reduce(0.0) { $0 + Double($1.magnitude) }
        guard values.count > 1, sum > 0, sum.isFinite else { return nil }
        var entropy = 0.0
        for value in values where value != 0 {
            let share = Double(value.magnitude) / sum
            // A share too small for a double is as good as none.
            if share > 0 { entropy -= share * log(share) }
        }
        return min(max(entropy / log(Double(values.count)), 0), 1)
    }

    /// The share of a map's attention, its values' magnitudes, that falls into the quarter of the places with the greatest class activation.
    ///
    /// - Parameters:
    ///   - values: `height` × `width` numbers.
    ///   - cam: `camHeight` × `camWidth` numbers, laid over the same picture.
    /// - Returns: nothing where either has no finite sum, or the attention none above zero.
    static func shareInCAM(_ values: [Float], height: Int, width: Int, cam: [Float], camHeight: Int, camWidth: Int) -> Double? {
        let activation = MapResize.resized(cam, height: camHeight, width: camWidth, toHeight: height, toWidth: width)
        let sum = values.reduce(0.0) { $0 + Double($1.magnitude) }
        guard activation.count == values.count, sum > 0, sum.isFinite, activation.allSatisfy(\.isFinite) else { return nil }
        var left = Double(values.count) / 4
        var inside = 0.0
        var order = activation.indices.sorted { activation[$0] > activation[$1] }[...]
        while left > 0, let first = order.first {
            // Of places with equal activation each counts by the same share.
            let equal = order.prefix { activation[$0] == activation[first] }
            let share = min(1, left / Double(equal.count))
            inside += share * equal.reduce(0.0) { $0 + Double(values[$1].magnitude) }
            left -= Double(equal.count)
            order = order.dropFirst(equal.count)
        }
        return min(max(inside / sum, 0), 1)
    }

    /// The first elements in an order; of equal ones the one that comes first. Elements that are no number are left out.
    private static func first(_ values: [Float], _ shape: [Int], by isBefore: (Float, Float) -> Bool) -> [Element] {
        var best: [Int] = []
        for (index, value) in values.enumerated() where !value.isNaN {
            if best.count == named, let last = best.last, !isBefore(value, values[last]) { continue }
            let place = best.firstIndex { isBefore(value, values[$0]) } ?? best.count
            best.insert(index, at: place)
            if best.count > named { best.removeLast() }
        }
        return best.map { Element(index: coordinates($0, shape), weight: values[$0]) }
    }

    private static func coordinates(_ index: Int, _ shape: [Int]) -> [Int] {
        var rest = index
        var coordinates: [Int] = []
        for extent in shape.reversed() where extent > 0 {
            coordinates.append(rest % extent)
            rest /= extent
        }
        return coordinates.reversed()
    }
}

extension AttentionSummary {
    /// Writes its members into a map's object.
    func write(to writer: inout JSONWriter) {
        for (name, elements) in [("highest", highest), ("lowest", lowest)] {
            guard let elements else { continue }
            writer.array(name) { writer in
                for element in elements {
                    writer.object { writer in
                        writer.key("index")
                        if element.index.count == 1 { writer.value(element.index[0]) } else { writer.value(element.index) }
                        writer.member("weight", element.weight)
                    }
                }
            }
        }
        if let entropy {
            writer.member("entropy", entropy)
        }
        if let shareInCAM {
            writer.member("share_in_cam", shareInCAM)
        }
    }
}
