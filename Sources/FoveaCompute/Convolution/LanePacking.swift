extension LaneConvolution {
    /// - Parameter filters: [Cout, inputs a group, kh, kw]
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        for output in 0..<geometry.outputChannels {
            let (block, lane) = output.quotientAndRemainder(dividingBy: Blocked.lanes)
            for k in 0..<geometry.depth {
                target[(block * geometry.depth + k) * Blocked.lanes + lane] = Float(filters.read(output, k))
            }
        }
    }
}

extension ChannelProduct {
    /// - Parameter filters: [Cout, Cin]
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let stored = Blocked.blocks(channels) * Blocked.lanes
        for output in 0..<outputs {
            for channel in 0..<channels { target[output * stored + channel] = Float(filters.read(output, channel)) }
        }
    }
}
