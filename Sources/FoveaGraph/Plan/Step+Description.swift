import FoveaCompute

extension Step {
    /// Numbers of float32 that the packed weights take, half of them where they have 16 bits.
    var weightCount: Int {
        switch kernel {
        case .map(let kernel): kernel.weightCount
        case .rowMajor(let kernel): kernel.weightCount
        }
    }
}

extension Step.MapKernel {
    fileprivate var weightCount: Int {
        switch self {
        case .product(let step, _): step.weightCount
        case .winograd(let step, _): step.weightCount
        case .groupedWinograd(let step, _): step.groups * step.winograd.weightCount
        case .picture(let step, _): step.weightCount
        case .lanes(let step, _): step.weightCount
        case .channelProduct(let step, _): step.weightCount
        case .plane(let step, _): step.geometry.weightCount
        case .linear(let step, _): step.weightCount
        case .dynamic(let step, _): step.weightCount
        default: 0
        }
    }
}

extension Step.RowMajorKernel {
    fileprivate var weightCount: Int {
        switch self {
        case .convolution(let kernel, _): kernel.geometry.weightCount
        case .dynamicConvolution(let kernel, _, _, _, _): kernel.kernelCount * kernel.convolution.geometry.weightCount
        case .generatedConvolution(let kernel, _, _): kernel.hasBase ? kernel.convolution.geometry.weightCount : 0
        case .deformableConvolution(let kernel, _, _, _): kernel.geometry.convolution.weightCount
        default: 0
        }
    }
}

extension Step.Kernel {
    /// In words, for who reads how long it took.
    var name: String {
        switch self {
        case .map(let kernel): kernel.name
        case .rowMajor(let kernel): kernel.name
        }
    }
}

extension Step.MapKernel {
    fileprivate var name: String {
        switch self {
        case .product(let step, _): "product, \(step.geometry.windowName)"
        case .winograd(let step, _): step.name
        case .groupedWinograd(let step, _): "\(step.winograd.name), \(step.groups) groups"
        case .picture(let step, _): "picture, \(step.geometry.windowName)"
        case .lanes(let step, _): "lanes, \(step.geometry.windowName)"
        case .channelProduct: "product, to few channels"
        case .plane(let step, _): "plane, \(step.geometry.windowName)"
        case .linear: "linear"
        case .dynamic(let step, let sources): "\(sources.generated == nil ? "mixed" : "generated"): \(step.name)"
        case .pool: "pooling"
        case .reducePositions: "reduction of positions"
        case .reduceChannels: "reduction of channels"
        case .axis(let step): step.kind == .softmax ? "softmax" : "reduction of an axis"
        case .groupSimilarity: "similarity in groups"
        case .resize: "resizing"
        case .elementwise: "elementwise"
        case .toBlocks, .fromBlocks, .alignGroups, .joinGroups: "change of layout"
        }
    }
}

extension Step.RowMajorKernel {
    fileprivate var name: String {
        switch self {
        case .convolution(let kernel, _): "rows, \(kernel.geometry.windowName)"
        case .dynamicConvolution: "mixed: rows"
        case .generatedConvolution: "generated: rows"
        case .deformableConvolution: "deformable"
        case .pool: "pooling"
        case .resize: "resizing"
        case .standardize: "standardization"
        case .matrixProduct: "product of matrices"
        case .elementwise: "elementwise"
        case .offsetLength: "length of offsets"
        case .slice, .concatenate: "copy"
        case .toPanels, .fromPanels: "change of layout"
        }
    }
}

extension DynamicProduct {
    fileprivate var name: String {
        switch method {
        case .streamed: "product, \(product.geometry.windowName)"
        case .smallMap: "small map, \(product.geometry.windowName)"
        case .streamedWinograd(let winograd), .winograd(let winograd): winograd.name
        case .written: "written, product, \(product.geometry.windowName)"
        }
    }
}

extension WinogradConvolution {
    fileprivate var name: String {
        let stream = method == .streamed ? ", streamed" : ""
        return stride == 2 ? "Winograd by phases\(stream)" : "Winograd F(\(tile)×\(tile))\(stream)"
    }
}

extension ConvolutionGeometry {
    /// `3×3`, and what the window moves by where that is not one.
    fileprivate var windowName: String {
        let moves = window.stride == Extent2D(1) ? "" : " by \(window.stride.width)"
        return "\(window.kernel.height)×\(window.kernel.width)\(moves)"
    }
}
