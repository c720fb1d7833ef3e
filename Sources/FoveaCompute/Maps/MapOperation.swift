/// What is done to each element of a blocked map [C, H, W] while it is still in cache: bias, norm, gate, residual sum, activation.
public enum MapOperation: Sendable, Hashable {
    /// How an operand lies over the map.
    public enum Operand: Sendable, Hashable {
        /// A blocked map of the same shape.
        case map
        /// A number for each channel, [C].
        case channel
        /// A number for each position, [H, W] row-major.
        case position
        /// A blocked map [C/size, H, W], `area` positions large: a number for each position and each group of `size` neighbouring channels.
        case group(size: Int, area: Int)
        /// One number.
        case one
    }

    /// y = y · factor
    case scale(Float)
    case activation(Activation)
    /// y = y ∘ operand, or operand ∘ y where `reversed`
    case binary(BinaryOperator, Place, Operand, reversed: Bool)
}

extension MapOperation.Operand {
    /// The channels of a blocked operand of a map of `channels`; nil of a row-major one.
    public func blockedChannels(of channels: Int) -> Int? {
        switch self {
        case .map: channels
        case .group(let size, _): channels / size
        case .channel, .position, .one: nil
        }
    }

    /// The broadcast of an operand over [channels, area] as an operand of a blocked map; nil where a blocked map cannot have it.
    public init?(_ broadcast: Broadcast, channels: Int, area: Int) {
        guard broadcast.count == channels * area else { return nil }
        if broadcast.operandCount == 1 {
            self = .one
        } else if broadcast.isIdentity {
            // One channel's positions, or one position's channels, need no repeating.
            self = channels == 1 ? .position : area == 1 ? .channel : .map
        } else if broadcast.inner == 1, broadcast.outer == channels {
            self = .channel
        } else if broadcast.outer == 1, broadcast.inner == area {
            self = .position
        } else if area > 1, broadcast.inner == area {
            self = .group(size: broadcast.repeated, area: area)
        } else {
            return nil
        }
    }
}
