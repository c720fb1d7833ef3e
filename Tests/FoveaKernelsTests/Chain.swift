import FoveaTesting

@testable import FoveaCompute

/// Operations of every kind with operands of every kind, for a map [channels, area], and what they make of it.
///
/// Each picture has operands of its own, which lie in its arena as the parts that `parts` lists.
struct Chain {
    private enum Link {
        case scale(Float)
        case activation(Activation)
        case binary(BinaryOperator, MapOperation.Operand, reversed: Bool)
    }

    /// The order keeps roots and quotients away from zero and from what is negative.
    private static let links: [Link] = [
        .scale(0.5), .binary(.add, .channel, reversed: false), .binary(.multiply, .position, reversed: true),
        .binary(.subtract, .map, reversed: true), .activation(.sigmoid), .binary(.divide, .one, reversed: true),
        .binary(.subtract, .map, reversed: false), .activation(.relu), .binary(.add, .one, reversed: true), .activation(.squareRoot),
        .binary(.divide, .channel, reversed: false), .binary(.multiply, .map, reversed: false),
    ]

    let channels: Int
    let area: Int
    private let map: [Float]
    private let channel: [Float]
    private let position: [Float]
    private let one: [Float]

    init(_ random: inout Random, channels: Int, area: Int) {
        self.channels = channels
        self.area = area
        map = random.floats(channels * area).map { 1 + $0 / 2 }
        channel = random.floats(channels).map { 1 + $0 / 2 }
        position = random.floats(area).map { 1 + $0 / 2 }
        one = [random.floats(1)[0] / 2 + 1]
    }

    /// The operands as parts of an arena, a map's own blocked.
    var blockedParts: [Machine.Part] { [.values(blocked(map, channels: channels)), .values(channel), .values(position), .values(one)] }
    /// The operands as parts of an arena, all row-major.
    var rowMajorParts: [Machine.Part] { [.values(map), .values(channel), .values(position), .values(one)] }

    /// - Parameter offsets: where the four parts lie
    static func mapOperations(_ offsets: ArraySlice<Int>) -> [MapOperation] {
        links.map { link in
            switch link {
            case .scale(let factor): .scale(factor)
            case .activation(let activation): .activation(activation)
            case .binary(let operation, let operand, let reversed):
                .binary(operation, .arena(offsets[offsets.startIndex + operand.index]), operand, reversed: reversed)
            }
        }
    }

    /// - Parameter offsets: where the four parts lie
    func postOperations(_ offsets: ArraySlice<Int>) -> [PostOperation] {
        Self.links.map { link in
            switch link {
            case .scale(let factor): .scale(factor)
            case .activation(let activation): .activation(activation)
            case .binary(let operation, let operand, let reversed):
                .binary(operation, .arena(offsets[offsets.startIndex + operand.index]), broadcast(operand), reversed: reversed)
            }
        }
    }

    /// What the operations make of a row-major map.
    func expected(_ x: [Double]) -> [Double] {
        Self.links.reduce(x) { y, link in
            switch link {
            case .scale(let factor): return y.map { $0 * Double(factor) }
            case .activation(let activation): return Reference.activation(y, activation)
            case .binary(let operation, let operand, let reversed):
                let values = Reference.expand(double([map, channel, position, one][operand.index]), broadcast(operand))
                return reversed ? Reference.binary(operation, values, y) : Reference.binary(operation, y, values)
            }
        }
    }

    private func broadcast(_ operand: MapOperation.Operand) -> Broadcast {
        switch operand {
        case .map: Broadcast(outer: 1, repeated: 1, inner: channels * area)
        case .channel: Broadcast(outer: channels, repeated: area, inner: 1)
        case .position: Broadcast(outer: 1, repeated: channels, inner: area)
        case .one: Broadcast(outer: 1, repeated: channels * area, inner: 1)
        case .group(let size, let area): Broadcast(outer: channels / size, repeated: size, inner: area)
        }
    }
}

extension MapOperation.Operand {
    /// Its part among a chain's.
    fileprivate var index: Int {
        switch self {
        case .map, .group: 0
        case .channel: 1
        case .position: 2
        case .one: 3
        }
    }
}
