/// A block of channels' products with a 4×4 map, padded by one, and its 3×3 filters: all 16 positions' sums, or those of two rows, are in registers.
struct SmallMapSums {
    /// [tap, channel, width]
    let filters: UnsafePointer<Float>
    /// Channels, at most 16.
    let length: Int
    /// Of the panel: 16 or 32.
    let width: Int
    /// [position, 16]
    let map: UnsafePointer<Float>
    /// [block of outputs, position, 16]
    let sums: UnsafeMutablePointer<Float>
    /// Whether there are sums already, of other channels.
    let adds: Bool

    /// Numbers of a block's map.
    static var count: Int { 16 * 16 }

    /// - Parameter ahead: what is read next
    func run(ahead: Ahead?) {
        let blocks = width / 16
        for block in 0..<blocks {
            let part = ahead?.share(block, of: blocks)
            #if FOVEA_AVX512
            SmallMapRows<0>.run(self, column: block &* 16, to: sums + block &* Self.count, requests(part))
            #else
            forEachRegister { lane in
                let (column, target) = (block &* 16 &+ lane, sums + (block &* Self.count &+ lane))
                let part = part?.share(lane / Register.lanes, of: 16 / Register.lanes)
                SmallMapRows<1>.run(self, column: column, to: target, requests(part?.share(0, of: 2)))
                SmallMapRows<2>.run(self, column: column, to: target, requests(part?.share(1, of: 2)))
            }
            #endif
        }
    }

    private func requests(_ ahead: Ahead?) -> AheadRequests {
        ahead.map { AheadRequests($0, depth: length) } ?? AheadRequests(none: UnsafeRawPointer(filters))
    }
}
