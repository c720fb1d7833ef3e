/// A convolution as an implicit matrix product: the windows of some positions are gathered, piece by piece, and multiplied by panels of
/// weights. Groups that cut through blocks of 16 channels have blocks of their own in the map that it reads or writes (`GroupAlignment`).
///
/// The depth runs over blocks of 16 input channels, then the window's positions, then the channels of the block: each *segment* of the
/// depth is one block at one position of the window, a run of 16 neighbouring numbers for each output position.
public struct ProductConvolution: Sendable, PackedWeights {
    package let geometry: ConvolutionGeometry
    package let precision: Precision
    /// The weights of one group.
    public let panels: Panels
    /// Whether the map is small against its weights: then all windows are gathered first, and each block of work streams some panels once
    /// for all positions of all pictures. Otherwise a block of work gathers the windows of some positions and multiplies them by panels
    /// that stay in cache.
    public let streamsPanels: Bool
    /// Whether the map is laid out anew with its padding around it, so that windows are multiplied where they lie and none is gathered: where lines
    /// of outputs are long enough to be tiles, and windows move by one.
    public let isPadded: Bool
    /// Output positions that are worked on together: whole lines of a padded map.
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
        let window = geometry.window
        // Windows that move by two have every other position of a line, and nothing was gained by them. Places in the map are 32 bits wide.
        isPadded =
            !streamsPanels && window.kernel.area > 1 && window.stride.width == 1 && 7...128 ~= window.output.width
            && Blocked.count(channels: geometry.inputsPerGroup, area: window.padded.area) <= Int32.max
        // Near 96 positions, in blocks of even size: enough to use a panel often while it is in cache.
        let wantedBlocks = streamsPanels ? 1 : max(1, (area + 95) / 96)
        positions = Self.positions(window.output, inBlocks: wantedBlocks, inLines: isPadded)
        let blocks = (area + positions - 1) / positions
        // Few blocks of positions are cut along the outputs too, so that there is work for every thread.
        let wanted = max(1, 8 / (blocks * geometry.groups))
        panelsPerBlock = max(1, panels.number / wanted)
    }

    /// Panels that one block of work streams for a batch: they take turns at a piece of windows, since those of all pictures may outgrow the
    /// second-level cache and would come from beyond it for each panel. Four blocks give work to several threads.
    public var panelsPerBatch: Int { max(1, min(4, panels.number / 4)) }
    /// Whether the map's blocks are the windows: a 1×1 window that moves by one.
    public var isDirect: Bool { geometry.isPointwise }
    /// Positions of a block where a map is cut into so many, or fewer.
    public func positions(inBlocks blocks: Int) -> Int { Self.positions(geometry.window.output, inBlocks: blocks, inLines: isPadded) }

    private static func positions(_ map: Extent2D, inBlocks blocks: Int, inLines: Bool) -> Int {
        inLines ? (map.height + blocks - 1) / blocks * map.width : (map.area + blocks - 1) / blocks
    }
    /// How many blocks the output positions are cut into.
    public var positionBlocks: Int { (geometry.outputArea + positions - 1) / positions }
    /// How many blocks the panels are cut into, where they are not streamed.
    public var panelBlocks: Int { (panels.number + panelsPerBlock - 1) / panelsPerBlock }
    package var weightCount: Int { precision.floats(panels.count) * geometry.groups }
    /// Blocks of 16 channels, or what is left of one, times positions of the window.
    public var segmentCount: Int { Blocked.blocks(geometry.inputsPerGroup) * geometry.window.kernel.area }
    /// The size of the map with its padding.
    public var padded: Extent2D { geometry.window.padded }
    /// Numbers of scratch memory that each thread needs: where a padded map's windows lie, or a block's gathered windows.
    public var scratchCount: Int {
        if isPadded { return segmentCount }
        return isDirect || streamsPanels ? 0 : Self.segments * Blocked.lanes * positions
    }
    /// Numbers of memory that all threads share: the padded map, or the gathered windows, [segment, position, 16].
    public var sharedCount: Int {
        if isPadded { return geometry.groups * Blocked.blocks(geometry.inputsPerGroup) * padded.area * Blocked.lanes }
        return streamsPanels && !isDirect ? segmentCount * geometry.outputArea * Blocked.lanes : 0
    }
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
