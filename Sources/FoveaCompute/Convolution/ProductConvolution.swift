/// A convolution as an implicit matrix product: the windows of some positions are gathered, piece by piece, and multiplied by panels of
/// weights. Groups that cut through blocks of 16 channels have blocks of their own in the map that it reads or writes (`GroupAlignment`).
///
/// The depth runs over blocks of 16 input channels, then the window's positions, then the channels of the block: each *segment* of the
/// depth is one block at one position of the window, a run of 16 neighbouring numbers for each output position.
public struct ProductConvolution: Sendable {
    package let geometry: ConvolutionGeometry
    package let precision: Precision
    /// The weights of one group.
    public let panels: Panels
    /// Whether the map is small against its weights: then all windows are gathered first, and each block of work streams some panels once
    /// for all positions of all pictures. Otherwise a block of work gathers the windows of some positions and multiplies them by panels
    /// that stay in cache.
    public let streamsPanels: Bool
    /// Output positions that are worked on together.
    public let positions: Int
    /// Panels that one block of work multiplies, where they are not streamed.
    public let panelsPerBlock: Int

    /// Segments that are summed before the sum joins what was summed before: short sums keep float32's digits, and their windows stay in
    /// the first-level cache.
    public static let segments = 8

    /// - Parameter precision: How weights are stored where they are streamed; float32 otherwise.
    /// - Returns: `nil` for groups of less than six channels, too many of whose blocks' lanes would be empty: of three, OpenBLAS is faster.
    public init?(_ geometry: ConvolutionGeometry, precision: Precision = .float32) {
        guard geometry.groups == 1 || min(geometry.inputsPerGroup, geometry.outputsPerGroup) >= 6 else { return nil }
        self.geometry = geometry
        panels = Panels(outputs: geometry.outputsPerGroup, depth: geometry.depth)
        let area = geometry.outputArea
        // A map of more than some hundred positions is worth it too, as long as panels give work to several threads and the gathered windows
        // stay near.
        let windows = Blocked.count(channels: geometry.depth, area: area)
        let isSmall = area <= 100 || area <= 800 && panels.number >= 8 && windows <= 1 << 20
        streamsPanels = geometry.groups == 1 && isSmall && panels.count >= 1 << 17
        self.precision = streamsPanels ? precision : .float32
        // Near 96 positions, in blocks of even size: enough to use a panel often while it is in cache.
        let blocks = streamsPanels ? 1 : max(1, (area + 95) / 96)
        positions = (area + blocks - 1) / blocks
        // Few blocks of positions are cut along the outputs too, so that there is work for every thread.
        let wanted = max(1, 8 / (blocks * geometry.groups))
        panelsPerBlock = max(1, panels.number / wanted)
    }

    /// Panels that one block of work streams for a batch: they take turns at a piece of windows, since those of all pictures may outgrow the
    /// second-level cache and would come from beyond it for each panel. Four blocks give work to several threads.
    public var panelsPerBatch: Int { max(1, min(4, panels.number / 4)) }
    /// Whether the map's blocks are the windows: a 1×1 window that moves by one.
    public var isDirect: Bool { geometry.isPointwise }
    /// Blocks of work.
    public var blocks: Int { geometry.groups * positionBlocks * panelBlocks }
    /// How many blocks the output positions are cut into.
    public var positionBlocks: Int { (geometry.outputArea + positions - 1) / positions }
    /// How many blocks the panels are cut into, where they are not streamed.
    public var panelBlocks: Int { (panels.number + panelsPerBlock - 1) / panelsPerBlock }
    package var weightCount: Int { precision.floats(panels.count) * geometry.groups }
    /// Blocks of 16 channels, or what is left of one, times positions of the window.
    public var segmentCount: Int { Blocked.blocks(geometry.inputsPerGroup) * geometry.window.kernel.area }
    /// Numbers of scratch memory that each thread needs.
    public var scratchCount: Int { isDirect || streamsPanels ? 0 : Self.segments * Blocked.lanes * positions }
    /// Numbers of memory that all threads share: the gathered windows, [segment, position, 16].
    public var sharedCount: Int { streamsPanels && !isDirect ? segmentCount * geometry.outputArea * Blocked.lanes : 0 }
}

extension ConvolutionGeometry {
    /// A 1×1 window that moves by one: output positions are input positions.
    public var isPointwise: Bool {
        window.kernel == Extent2D(1) && window.stride == Extent2D(1) && window.padding == Extent2D(0)
    }

    /// For each element of a panel's depth, its place in a PyTorch filter [Cin/groups, kh, kw].
    public var panelOrder: [Int] {
        let taps = window.kernel.area
        var order: [Int] = []
        order.reserveCapacity(depth)
        for first in stride(from: 0, to: inputsPerGroup, by: Blocked.lanes) {
            let channels = first..<min(first + Blocked.lanes, inputsPerGroup)
            for tap in 0..<taps { for channel in channels { order.append(channel * taps + tap) } }
        }
        return order
    }
}
