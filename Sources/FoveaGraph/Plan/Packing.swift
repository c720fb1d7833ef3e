import FoveaCompute

/// How the kernel of a step reads its weights.
enum Packing: Sendable {
    case rowMajor
    case product(ProductConvolution)
    case winograd(WinogradConvolution)
    case groupedWinograd(GroupedWinograd)
    case picture(PictureConvolution)
    case lanes(LaneConvolution)
    case channelProduct(ChannelProduct)
    case linear(LinearProduct)
    case dynamic(DynamicProduct)

    /// Numbers of float32 that the packed weights take.
    func count(_ fold: Fold) -> Int {
        switch self {
        case .rowMajor: fold.count
        case .product(let step): step.weightCount
        case .winograd(let step): step.weightCount
        case .groupedWinograd(let step): step.weightCount
        case .picture(let step): step.weightCount
        case .lanes(let step): step.weightCount
        case .channelProduct(let step): step.weightCount
        case .linear(let step): step.weightCount
        case .dynamic(let step): step.weightCount
        }
    }

    /// How the packed weights are stored.
    var precision: Precision {
        switch self {
        case .rowMajor, .picture, .lanes, .channelProduct, .groupedWinograd: .float32
        case .product(let step): step.precision
        case .winograd(let step): step.precision
        case .linear(let step): step.precision
        case .dynamic(let step): step.precision
        }
    }

    /// - Parameter target: zeroed
    func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        switch self {
        case .rowMajor: filters.write(to: target)
        case .product(let step): step.pack(filters, to: target)
        case .winograd(let step): step.pack(filters, to: target)
        case .groupedWinograd(let step): step.pack(filters, to: target)
        case .picture(let step): step.pack(filters, to: target)
        case .lanes(let step): step.pack(filters, to: target)
        case .channelProduct(let step): step.pack(filters, to: target)
        case .linear(let step): step.pack(filters, to: target)
        case .dynamic(let step): step.pack(filters, to: target)
        }
    }
}
