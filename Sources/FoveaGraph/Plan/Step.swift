import FoveaCompute

/// One operation as it is run: its kernel, where its numbers lie, and what was fused into it.
///
/// While a plan is compiled the places are buffers and constants by index; `Plan.init` ends with offsets.
struct Step: Sendable {
    enum Kernel: Sendable {
        case convolution(ConvolutionKernel, weight: Place)
        case dynamicConvolution(DynamicConvolutionKernel, kernels: Place, attention: Place?, spatial: Place?, inputScale: Place?)
        case generatedConvolution(GeneratedConvolutionKernel, base: Place?, generated: Place)
        case deformableConvolution(DeformableConvolutionKernel, weight: Place, offset: Place, mask: Place?)
        case linear(LinearKernel, weight: Place)
        case pool(PoolingKernel)
        case resize(ResizingKernel)
        case axis(AxisKernel)
        case standardize(StandardizationKernel)
        case matrixProduct(MatrixProductKernel, second: Place)
        case elementwise(ElementwiseKernel)
        case offsetLength(OffsetLengthKernel)
        case slice(SliceKernel)
        /// Copies each part to its distance from the output's start.
        case concatenate([(kernel: CopyKernel, part: Place, distance: Int)])
    }

    var kernel: Kernel
    var input: Place
    /// The offset in the arena.
    var output: Int
    /// The offset of memory that the step's threads share.
    var shared: Int
    var operations: [PostOperation]
    /// Taps to copy out when the step is done.
    var taps: [Int]
    /// nil where the logits need the step; else the taps that do.
    var onlyForTaps: [Int]?

    /// Numbers of scratch memory for each thread.
    var scratchCount: Int {
        switch kernel {
        case .convolution(let kernel, _): kernel.scratchCount
        case .dynamicConvolution(let kernel, _, _, _, _): kernel.scratchCount
        case .generatedConvolution(let kernel, _, _): kernel.scratchCount
        case .deformableConvolution(let kernel, _, _, _): kernel.scratchCount
        case .axis(let kernel): kernel.scratchCount
        default: 0
        }
    }

    func run(_ lane: Lane, _ memory: Memory) {
        let x = read(input, memory)
        let y = memory.arena + output
        switch kernel {
        case .convolution(let kernel, let weight):
            kernel.run(lane, x, read(weight, memory), to: y, shared: memory.arena + shared, memory, then: operations)
        case .dynamicConvolution(let kernel, let kernels, let attention, let spatial, let inputScale):
            let attentions = DynamicConvolutionKernel.Attentions(
                kernel: attention.map { read($0, memory) }, kernelSpatial: spatial.map { read($0, memory) },
                inputScale: inputScale.map { read($0, memory) })
            kernel.run(lane, x, read(kernels, memory), attentions, to: y, shared: memory.arena + shared, memory, then: operations)
        case .generatedConvolution(let kernel, let base, let generated):
            kernel.run(
                lane, x, base: base.map { read($0, memory) }, generated: read(generated, memory), to: y, shared: memory.arena + shared,
                memory, then: operations)
        case .deformableConvolution(let kernel, let weight, let offset, let mask):
            kernel.run(
                lane, x, offset: read(offset, memory), mask: mask.map { read($0, memory) }, read(weight, memory), to: y,
                shared: memory.arena + shared, memory, then: operations)
        case .linear(let kernel, let weight):
            kernel.run(lane, x, read(weight, memory), to: y, memory, then: operations)
        case .pool(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .resize(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .axis(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .standardize(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .matrixProduct(let kernel, let second): kernel.run(lane, x, read(second, memory), to: y, memory, then: operations)
        case .elementwise(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .offsetLength(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .slice(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .concatenate(let parts):
            for (kernel, part, distance) in parts { kernel.run(read(part, memory), to: y + distance) }
        }
    }

    private func read(_ place: Place, _ memory: Memory) -> UnsafePointer<Float> {
        switch place {
        case .arena(let offset): UnsafePointer(memory.arena + offset)
        case .constant(let offset): memory.constants + offset
        }
    }
}
