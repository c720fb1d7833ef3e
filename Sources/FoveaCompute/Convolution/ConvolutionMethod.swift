/// Which kernel runs a convolution of blocked maps.
package enum ConvolutionMethod: Sendable {
    case product(ProductConvolution)
    case winograd(WinogradConvolution)
    case picture(PictureConvolution)
    case lanes(LaneConvolution)
    case channelProduct(ChannelProduct)
    /// Row-major maps and OpenBLAS: what no kernel of ours is for.
    case rowMajor(ConvolutionKernel)

    /// Picks the method of the least estimated time. The choice depends on sizes alone, so that a picture's bits depend on nothing else.
    ///
    /// - Parameter precision: How weights are stored that are streamed from memory. Those that stay in cache gain nothing from fewer bytes,
    ///   and transformed ones would lose digits: they are float32.
    package init(_ geometry: ConvolutionGeometry, precision: Precision) {
        if geometry.inputsPerGroup <= 2, geometry.outputsPerGroup <= 2, geometry.groups == 1 {
            self = .rowMajor(ConvolutionKernel(geometry))
        } else if let step = ChannelProduct(geometry) {
            self = .channelProduct(step)
        } else if let step = PictureConvolution(geometry) {
            self = .picture(step)
        } else if let step = LaneConvolution(geometry) {
            self = .lanes(step)
        } else if let product = ProductConvolution(geometry, precision: precision) {
            let tiles = [4, 2].compactMap { WinogradConvolution(geometry, tile: $0) }
            let best = tiles.min { $0.seconds < $1.seconds }
            if let best, best.seconds < product.seconds { self = .winograd(best) } else { self = .product(product) }
        } else {
            self = .rowMajor(ConvolutionKernel(geometry))
        }
    }
}

/// Rough costs, from the speed of one core: 120 billion float32 operations and 20 GB from memory a second. A stream counts half: it runs
/// beside the arithmetic, and a batch shares it.
private enum Cost {
    static func arithmetic(_ multiplyAdds: Int) -> Double { 2 * Double(multiplyAdds) / 120e9 }
    static func stream(_ floats: Int) -> Double { 4 * Double(floats) / 20e9 / 2 }
}

extension ProductConvolution {
    fileprivate var seconds: Double { Cost.arithmetic(geometry.multiplyAdds) + Cost.stream(weightCount) }
}

extension WinogradConvolution {
    fileprivate var seconds: Double {
        let product = Cost.arithmetic(points * tiles * geometry.inputChannels * geometry.outputChannels)
        // A tile of one block of channels is read and written once on each side.
        let transforms = Double(tiles * (inputBlocks + outputBlocks)) * (tile == 4 ? 120e-9 : 50e-9)
        return product + transforms + Cost.stream(weightCount)
    }
}
