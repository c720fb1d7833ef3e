import FoveaCompute

extension Step.RowMajorKernel {
    var scratchCount: Int {
        switch self {
        case .convolution(let kernel, _): kernel.scratchCount
        case .dynamicConvolution(let kernel, _, _, _, _): kernel.scratchCount
        case .generatedConvolution(let kernel, _, _): kernel.scratchCount
        case .deformableConvolution(let kernel, _, _, _): kernel.scratchCount
        default: 0
        }
    }

    func mapPlaces(_ change: (Place) -> Place) -> Self {
        switch self {
        case .convolution(let kernel, let weight): .convolution(kernel, weight: change(weight))
        case .dynamicConvolution(let kernel, let kernels, let attention, let spatial, let inputScale):
            .dynamicConvolution(
                kernel, kernels: change(kernels), attention: attention.map(change), spatial: spatial.map(change),
                inputScale: inputScale.map(change))
        case .generatedConvolution(let kernel, let base, let generated):
            .generatedConvolution(kernel, base: base.map(change), generated: change(generated))
        case .deformableConvolution(let kernel, let weight, let offset, let mask):
            .deformableConvolution(kernel, weight: change(weight), offset: change(offset), mask: mask.map(change))
        case .concatenate(let parts): .concatenate(parts.map { ($0.kernel, change($0.part), $0.distance) })
        case .matrixProduct(let kernel, let second): .matrixProduct(kernel, second: change(second))
        case .pool, .resize, .standardize, .elementwise, .offsetLength, .slice, .toPanels, .fromPanels: self
        }
    }
}

extension Step {
    /// Splits one picture over the lane's threads; of several each thread takes one after the other.
    func run(_ kernel: RowMajorKernel, _ pass: Pass) {
        if pass.count == 1 {
            run(kernel, pass.lane, pass.memory(0))
        } else {
            pass.lane.forEach(pass.count) { picture, scratch in
                run(kernel, Lane(team: nil, limit: 1, scratch: scratch, scratchCount: 0), pass.memory(picture))
            }
        }
    }

    private func run(_ kernel: RowMajorKernel, _ lane: Lane, _ memory: Memory) {
        let x = memory.read(input)
        let y = memory.arena + output
        let shared = memory.arena + shared
        switch kernel {
        case .convolution(let kernel, let weight):
            kernel.run(lane, x, memory.read(weight), to: y, shared: shared, memory, then: operations)
        case .dynamicConvolution(let kernel, let kernels, let attention, let spatial, let inputScale):
            let attentions = DynamicConvolutionKernel.Attentions(
                kernel: attention.map(memory.read), kernelSpatial: spatial.map(memory.read), inputScale: inputScale.map(memory.read))
            kernel.run(lane, x, memory.read(kernels), attentions, to: y, shared: shared, memory, then: operations)
        case .generatedConvolution(let kernel, let base, let generated):
            kernel.run(
                lane, x, base: base.map(memory.read), generated: memory.read(generated), to: y, shared: shared, memory, then: operations)
        case .deformableConvolution(let kernel, let weight, let offset, let mask):
            kernel.run(
                lane, x, offset: memory.read(offset), mask: mask.map(memory.read), memory.read(weight), to: y, shared: shared, memory,
                then: operations)
        case .pool(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .resize(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .standardize(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .matrixProduct(let kernel, let second): kernel.run(lane, x, memory.read(second), to: y, memory, then: operations)
        case .elementwise(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .offsetLength(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .slice(let kernel): kernel.run(lane, x, to: y, memory, then: operations)
        case .concatenate(let parts):
            for (kernel, part, distance) in parts { kernel.run(memory.read(part), to: y + distance) }
        case .toPanels(let change): change.toPanels(lane, x, to: y)
        case .fromPanels(let change): change.fromPanels(lane, x, to: y)
        }
    }
}
