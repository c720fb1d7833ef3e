import FoveaCompute

extension Kernels {
    package static func run(
        _ step: PictureConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation]
    ) {
        PictureKernel.run(step, pass, x, weight, to: y, shared: shared, then: operations)
    }

    package static func run(
        _ step: ProductConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation]
    ) {
        switch step.precision {
        case .float32: ProductKernel<Float32Weights>.run(step, pass, x, weight, to: y, shared: shared, then: operations)
        case .bfloat16: ProductKernel<BFloat16Weights>.run(step, pass, x, weight, to: y, shared: shared, then: operations)
        case .fixed16: ProductKernel<Fixed16Weights>.run(step, pass, x, weight, to: y, shared: shared, then: operations)
        }
    }

    package static func run(
        _ step: WinogradConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation]
    ) {
        switch (step.method, step.precision) {
        case (.blocks(let tilesPerBlock), _):
            WinogradKernel.run(step, tilesPerBlock: tilesPerBlock, pass, x, weight, to: y, then: operations)
        case (.streamed, .float32):
            StreamedWinogradKernel<Float32Weights>.run(step, pass, x, .stored(weight), to: y, shared: shared, then: operations)
        case (.streamed, .bfloat16):
            StreamedWinogradKernel<BFloat16Weights>.run(step, pass, x, .stored(weight), to: y, shared: shared, then: operations)
        case (.streamed, .fixed16):
            StreamedWinogradKernel<Fixed16Weights>.run(step, pass, x, .stored(weight), to: y, shared: shared, then: operations)
        }
    }

    package static func run(
        _ step: LinearProduct, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [MapOperation]
    ) {
        switch step.precision {
        case .float32: LinearKernel<Float32Weights>.run(step, pass, x, weight, to: y, then: operations)
        case .bfloat16: LinearKernel<BFloat16Weights>.run(step, pass, x, weight, to: y, then: operations)
        case .fixed16: LinearKernel<Fixed16Weights>.run(step, pass, x, weight, to: y, then: operations)
        }
    }

    package static func run(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, shared: Int,
        then operations: [MapOperation]
    ) {
        switch step.precision {
        case .float32: DynamicKernel<Float32Weights>.run(step, pass, x, sources, to: y, shared: shared, then: operations)
        case .bfloat16: DynamicKernel<BFloat16Weights>.run(step, pass, x, sources, to: y, shared: shared, then: operations)
        case .fixed16: DynamicKernel<Fixed16Weights>.run(step, pass, x, sources, to: y, shared: shared, then: operations)
        }
    }
}
