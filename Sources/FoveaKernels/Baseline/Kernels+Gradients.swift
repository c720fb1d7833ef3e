import FoveaCompute

extension Kernels {
    package static func transpose(
        _ step: LinearProduct, _ lane: Lane, _ weight: UnsafePointer<Float>, _ g: UnsafePointer<Float>, rows: Int,
        to z: UnsafeMutablePointer<Float>
    ) {
        switch step.precision {
        case .float32: TransposedLinearKernel<Float32Weights>.run(step, lane, weight, g, rows: rows, to: z)
        case .bfloat16: TransposedLinearKernel<BFloat16Weights>.run(step, lane, weight, g, rows: rows, to: z)
        case .fixed16: TransposedLinearKernel<Fixed16Weights>.run(step, lane, weight, g, rows: rows, to: z)
        }
    }
}
