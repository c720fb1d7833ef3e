/// "Aggregate, then convolve": a convolution whose weights are made for each picture, W = base + Σₖ kernelAttention[k] · kernelSpatial ⊙
/// inputScale ⊙ kernels[k].
///
/// The kernels are stored as the convolution reads its weights. The mixture is made panel by panel, in cache, just before the product
/// that reads it, and a batch streams the stored kernels once; where a map is large against its weights they are written out once and
/// then used as stored ones.
public struct DynamicProduct: Sendable, PackedWeights {
    /// What the mixed weights are used for.
    public enum Method: Sendable {
        /// Each block of work mixes its panels piece by piece and multiplies them at once.
        case streamed
        /// Each block of work mixes a panel piece by piece and multiplies maps of 4×4 outputs by it, whose sums registers hold.
        case smallMap
        /// Each block of work mixes a panel piece by piece, transforms the pieces for Winograd and multiplies all tiles by them.
        case streamedWinograd(WinogradConvolution)
        /// The weights are written out, then used as stored ones.
        case written
        /// The weights are written out transformed.
        case winograd(WinogradConvolution)
    }

    /// How the stored kernels are laid out, and the convolution of the mixed ones.
    public let product: ProductConvolution
    /// How the kernels are stored; the mixture is float32.
    public let precision: Precision
    /// Stored kernels; 0 where a kernel comes whole from another step.
    public let kernelCount: Int
    package let method: Method

    /// What the weights of a picture are made of. An attention that is nil is 1.
    public struct Sources: Sendable {
        /// Stored kernels, [K] of `product`'s panels in the step's precision.
        public var kernels: Place?
        /// K numbers
        public var kernelAttention: Place?
        /// kh·kw numbers
        public var kernelSpatial: Place?
        /// Cin numbers
        public var inputScale: Place?
        /// A kernel that another step generated, `product`'s panels in float32.
        public var generated: Place?

        package init(
            kernels: Place? = nil, kernelAttention: Place? = nil, kernelSpatial: Place? = nil, inputScale: Place? = nil,
            generated: Place? = nil
        ) {
            self.kernels = kernels
            self.kernelAttention = kernelAttention
            self.kernelSpatial = kernelSpatial
            self.inputScale = inputScale
            self.generated = generated
        }
    }

    /// - Returns: `nil` for groups, which need kernels of their own.
    public init?(_ geometry: ConvolutionGeometry, kernelCount: Int, precision: Precision = .float32) {
        guard geometry.groups == 1, let product = ProductConvolution(geometry) else { return nil }
        self.product = product
        self.kernelCount = kernelCount
        self.precision = precision
        // Each picture's filters are transformed anew, which costs more than it saves on the smallest maps, and more often where windows move by two.
        let winograd = geometry.outputArea > 9 ? WinogradConvolution(geometry, tile: 4) : nil
        if Self.isSmallMap(geometry) {
            method = .smallMap
        } else if let winograd, winograd.stride == 1 || winograd.paysAlone {
            switch winograd.method {
            case .blocks: method = .winograd(winograd)
            case .streamed: method = .streamedWinograd(winograd)
            }
        } else if product.streamsPanels {
            method = .streamed
        } else {
            method = .written
        }
    }

    /// Whether windows of 3×3 move over a map of 4×4 that is padded by one.
    private static func isSmallMap(_ geometry: ConvolutionGeometry) -> Bool {
        let window = geometry.window
        return window.kernel == Extent2D(3) && window.stride == Extent2D(1) && window.dilation == Extent2D(1)
            && window.padding == Extent2D(1) && window.input == Extent2D(4)
    }

    /// Numbers of scratch memory that a panel's sums take of a small map, [picture, block of outputs, position, 16].
    public static let smallMapSums = Pass.mostPictures * 16 * Panels.width

    /// Numbers of stored weights.
    public var weightCount: Int { precision.floats(kernelCount * product.panels.count) }

    /// Segments whose weights are mixed at a time, half of what a stored convolution sums: what four kernels have of them stays in the first-level cache,
    /// and four pictures' mixtures are near.
    public static let segments = ProductConvolution.segments / 2

    /// Pictures whose weights are mixed together: each stored one is read once for all of them.
    @inline(__always) public static var mixedPictures: Int { 4 }

    /// Weights of a picture that are mixed at a time.
    public static let mixedCount = segments * Blocked.lanes * Panels.width

    /// The gates that scale the inputs while they are gathered; the others scale the weights, as those of an input that a generated kernel
    /// reads too.
    public func inputGates(_ sources: Sources) -> Place? {
        switch method {
        case .streamed, .smallMap, .streamedWinograd: sources.generated == nil ? sources.inputScale : nil
        case .written, .winograd: nil
        }
    }

    /// Panels that a block of work of the streamed method takes through the depth: they share the gathered windows.
    private var panelsPerBlock: Int { max(1, product.panels.number / 4) }

    /// Blocks of work of the streamed method.
    public var panelBlocks: Int { (product.panels.number + panelsPerBlock - 1) / panelsPerBlock }

    /// Panels that a block of work mixes.
    public func panels(of block: Int) -> Range<Int> {
        block * panelsPerBlock..<min((block + 1) * panelsPerBlock, product.panels.number)
    }

    /// Numbers of scratch memory that each thread needs.
    public var scratchCount: Int {
        switch method {
        // The mixtures, then the windows of all pictures, [picture, segment, position, 16].
        case .streamed:
            Self.mixedPictures * Self.mixedCount + Pass.mostPictures * Self.segments * Blocked.lanes * product.geometry.outputArea
        case .smallMap: Self.smallMapSums + Self.mixedPictures * WinogradPieces.mixedCount
        case .streamedWinograd(let winograd): winograd.scratchCount
        case .written: product.scratchCount
        case .winograd(let winograd): max(winograd.scratchCount, 9 * Panels.width * Blocked.lanes)
        }
    }

    /// Numbers of memory that all threads share; where weights are written, they come first.
    public var sharedCount: Int {
        switch method {
        case .streamed: 0
        // The map, scaled by its gates.
        case .smallMap: Blocked.count(channels: product.geometry.inputChannels, area: product.geometry.inputArea)
        case .streamedWinograd(let winograd):
            winograd.stride == 2 ? PhasePieces(winograd, isMixed: true).sharedCount : winograd.sharedCount
        case .written: writtenCount + product.sharedCount
        case .winograd: writtenCount
        }
    }

    /// Numbers of written weights.
    public var writtenCount: Int {
        switch method {
        case .streamed, .smallMap, .streamedWinograd: 0
        case .written: product.weightCount
        case .winograd(let winograd): winograd.weightCount
        }
    }

    /// The kernels' rows of a panel lie one behind the other, [panel, depth, K, 32], so that mixing reads one stream.
    ///
    /// - Parameter filters: [K, Cout, Cin, kh, kw]; a scale is that of each kernel's outputs
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let (panels, order) = (product.panels, product.geometry.panelOrder)
        let writer = WeightWriter(target, precision)
        for kernel in 0..<kernelCount {
            for output in 0..<panels.outputs {
                let (panel, column) = output.quotientAndRemainder(dividingBy: Panels.width)
                let width = panels.width(panel)
                let start = panels.start(panel) * kernelCount + kernel * width
                for k in 0..<panels.depth {
                    let value = filters.read(kernel * panels.outputs + output, order[k])
                    writer.write(Float(value), row: start + k * kernelCount * width, column: column, width: width)
                }
            }
        }
    }
}
