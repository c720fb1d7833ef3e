/// Which kernel runs a convolution of blocked maps.
public enum ConvolutionMethod: Sendable {
    case product(ProductConvolution)
    case winograd(WinogradConvolution)
    case groupedWinograd(GroupedWinograd)
    case picture(PictureConvolution)
    case lanes(LaneConvolution)
    case channelProduct(ChannelProduct)
    case plane(PlaneConvolution)
    /// Row-major maps and OpenBLAS: what no kernel of ours is for.
    case rowMajor(ConvolutionKernel)

    /// Picks the method of the least estimated time. The choice depends on sizes alone, so that a picture's bits depend on nothing else.
    ///
    /// - Parameter precision: How weights are stored that are streamed from memory. Those that stay in cache gain nothing from fewer bytes,
    ///   and stored transformed ones would lose digits: they are float32.
    public init(_ geometry: ConvolutionGeometry, precision: Precision) {
        if let step = PlaneConvolution(geometry) {
            self = .plane(step)
        } else if geometry.inputsPerGroup <= 2, geometry.outputsPerGroup <= 2, geometry.groups == 1 {
            self = .rowMajor(ConvolutionKernel(geometry))
        } else if let step = ChannelProduct(geometry) {
            self = .channelProduct(step)
        } else if let step = PictureConvolution(geometry) {
            self = .picture(step)
        } else if let step = LaneConvolution(geometry) {
            self = .lanes(step)
        } else if let product = ProductConvolution(geometry, precision: precision) {
            let tiles = [4, 2].compactMap { WinogradConvolution(geometry, tile: $0, precision: precision) }.filter(\.isFit)
            let best = tiles.min { $0.seconds < $1.seconds }
            let grouped = [4, 2].compactMap { GroupedWinograd(geometry, tile: $0) }.filter(\.winograd.isFit)
            let bestGrouped = grouped.min { $0.seconds < $1.seconds }
            if let best, best.seconds < product.seconds {
                self = .winograd(best)
            } else if let bestGrouped, bestGrouped.seconds < product.seconds {
                self = .groupedWinograd(bestGrouped)
            } else {
                self = .product(product)
            }
        } else {
            self = .rowMajor(ConvolutionKernel(geometry))
        }
    }
}

/// Rough costs of a picture, from the speed of one core: 170 billion float32 operations and 16 GB from memory a second.
///
/// A stream of weights runs beside the arithmetic, so that the longer of the two counts, and some of the other. A batch shares the stream. Alone
/// and in a batch of eight count the same.
private struct Cost {
    var arithmetic: Double
    var stream: Double
    /// What is done to the weights before they are used, once for all pictures.
    var preparation = 0.0
    /// Whether that goes on beside the stream.
    var preparesMeanwhile = false

    init(multiplyAdds: Int, floats: Int) {
        arithmetic = 2 * Double(multiplyAdds) / 170e9
        stream = 4 * Double(floats) / 16e9
    }

    var seconds: Double {
        let work = arithmetic + (preparesMeanwhile ? preparation : 0)
        let alone = max(work, stream) + min(work, stream) / 4 + (preparesMeanwhile ? 0 : preparation)
        return alone + arithmetic + (stream + preparation) / 8
    }
}

extension ProductConvolution {
    fileprivate var seconds: Double { Cost(multiplyAdds: geometry.multiplyAdds, floats: weightCount).seconds }
}

extension GroupedWinograd {
    fileprivate var seconds: Double { Double(groups) * winograd.seconds }
}

extension WinogradConvolution {
    fileprivate var seconds: Double { cost.seconds }

    /// Whether it saves time where a picture's filters are its own, and in cache.
    public var paysAlone: Bool {
        isFit && cost.arithmetic + cost.preparation < Cost(multiplyAdds: geometry.multiplyAdds, floats: 0).arithmetic
    }

    /// If windows move by two, whether a picture has enough tiles to be worth the transform of filters, and few enough to stay in a cache from panel to
    /// panel: those of 28×28 outputs are 2.5 MB for 128 channels, and a network gained nothing by them, though the layer alone did.
    fileprivate var isFit: Bool { stride == 1 || tiles >= 4 && sharedCount <= 1 << 18 }

    private var cost: Cost {
        var cost = Cost(multiplyAdds: products * tiles * geometry.inputChannels * geometry.outputChannels, floats: weightCount)
        if stride == 2 {
            // A point's sums are of many short segments. Measured on Zen 3, where maps of 14×14, a quarter of whose tiles lies outside, gain nothing.
            cost.arithmetic = 1.25 * cost.arithmetic + Double(tiles) * (Double(inputBlocks) * 200e-9 + Double(outputBlocks) * 100e-9)
            cost.preparation = Double(panels.count / Blocked.lanes) * 20e-9
            cost.preparesMeanwhile = true
            return cost
        }
        // A tile of one block of channels is read and written once on each side.
        cost.arithmetic += Double(tiles * (inputBlocks + outputBlocks)) * (tile == 4 ? 120e-9 : 50e-9)
        // Sixteen filters are transformed at a time, and are not written down where they meet few tiles.
        if method == .streamed {
            cost.preparation = Double(panels.count / Blocked.lanes) * (tile == 2 ? 40e-9 : tiles <= 8 ? 15e-9 : 50e-9)
        }
        return cost
    }
}
