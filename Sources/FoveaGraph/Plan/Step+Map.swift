import FoveaCompute
import FoveaKernels

extension Step.MapKernel {
    var scratchCount: Int {
        switch self {
        case .product(let step, _): step.scratchCount
        case .winograd(let step, _): step.scratchCount
        case .groupedWinograd(let step, _): step.winograd.scratchCount
        case .lanes(let step, _): step.scratchCount
        case .plane(let step, _): step.scratchCount
        case .linear(let step, _): step.scratchCount
        case .dynamic(let step, _): step.scratchCount
        case .groupSimilarity(let step): step.scratchCount
        default: 0
        }
    }

    func mapPlaces(_ change: (Place) -> Place) -> Self {
        switch self {
        case .product(let step, let weight): return .product(step, weight: change(weight))
        case .winograd(let step, let weight): return .winograd(step, weight: change(weight))
        case .groupedWinograd(let step, let weight): return .groupedWinograd(step, weight: change(weight))
        case .picture(let step, let weight): return .picture(step, weight: change(weight))
        case .lanes(let step, let weight): return .lanes(step, weight: change(weight))
        case .channelProduct(let step, let weight): return .channelProduct(step, weight: change(weight))
        case .plane(let step, let weight): return .plane(step, weight: change(weight))
        case .linear(let step, let weight): return .linear(step, weight: change(weight))
        case .dynamic(let step, var sources):
            sources.kernels = sources.kernels.map(change)
            sources.kernelAttention = sources.kernelAttention.map(change)
            sources.kernelSpatial = sources.kernelSpatial.map(change)
            sources.inputScale = sources.inputScale.map(change)
            sources.generated = sources.generated.map(change)
            return .dynamic(step, sources)
        case .pool, .reducePositions, .reduceChannels, .axis, .groupSimilarity, .resize, .elementwise, .toBlocks, .fromBlocks, .alignGroups,
            .joinGroups:
            return self
        }
    }
}

extension Step {
    func run(_ kernel: MapKernel, _ kernels: any KernelSet.Type, _ pass: Pass) {
        switch kernel {
        case .product(let step, let weight): kernels.run(step, pass, input, weight, to: output, shared: shared, then: mapOperations)
        case .winograd(let step, let weight): kernels.run(step, pass, input, weight, to: output, shared: shared, then: mapOperations)
        case .groupedWinograd(let step, let weight):
            step.forEachGroup { input, first, result in
                kernels.run(
                    step.winograd, pass, self.input.advanced(by: input), weight.advanced(by: first), to: output + result, shared: shared,
                    then: [])
            }
        case .picture(let step, let weight): kernels.run(step, pass, input, weight, to: output, shared: shared, then: mapOperations)
        case .lanes(let step, let weight): kernels.run(step, pass, input, weight, to: output, then: mapOperations)
        case .channelProduct(let step, let weight): kernels.run(step, pass, input, weight, to: output, then: operations)
        case .plane(let step, let weight): kernels.run(step, pass, input, weight, to: output, then: operations)
        case .linear(let step, let weight): kernels.run(step, pass, input, weight, to: output, then: mapOperations)
        case .dynamic(let step, let sources): kernels.run(step, pass, input, sources, to: output, shared: shared, then: mapOperations)
        case .pool(let step): kernels.run(step, pass, input, to: output, then: mapOperations)
        case .reducePositions(let step): kernels.run(step, pass, input, to: output, then: mapOperations)
        case .reduceChannels(let step): kernels.run(step, pass, input, to: output, then: operations)
        case .axis(let step): kernels.run(step, pass, input, to: output, then: operations)
        case .groupSimilarity(let step): kernels.run(step, pass, input, to: output, then: mapOperations)
        case .resize(let step): kernels.run(step, pass, input, to: output, then: mapOperations)
        case .elementwise(let step): kernels.run(step, pass, input, to: output, then: mapOperations)
        case .toBlocks(let step): kernels.toBlocks(step, pass, input, to: output)
        case .fromBlocks(let step): kernels.fromBlocks(step, pass, input, to: output)
        case .alignGroups(let step): kernels.align(step, pass, input, to: output)
        case .joinGroups(let step): kernels.join(step, pass, input, to: output, then: mapOperations)
        }
    }

    /// The blocked map or the vector that the step computes.
    var map: (channels: Int, area: Int) {
        guard case .map(let kernel) = kernel else { return (0, 0) }
        switch kernel {
        case .product(let step, _): return (step.geometry.outputChannels, step.geometry.outputArea)
        case .winograd(let step, _): return (step.geometry.outputChannels, step.geometry.outputArea)
        case .groupedWinograd(let step, _): return (step.groups * step.winograd.geometry.outputChannels, step.winograd.geometry.outputArea)
        case .picture(let step, _): return (step.geometry.outputChannels, step.geometry.outputArea)
        case .lanes(let step, _): return (step.geometry.outputChannels, step.geometry.outputArea)
        case .channelProduct(let step, _): return (step.outputs, step.area)
        case .plane(let step, _): return (step.geometry.outputChannels, step.geometry.outputArea)
        case .linear(let step, _): return (step.outputs, 1)
        case .dynamic(let step, _): return (step.product.geometry.outputChannels, step.product.geometry.outputArea)
        case .pool(let step): return (step.channels, step.window.output.area)
        case .reducePositions(let step): return (step.channels, 1)
        case .reduceChannels(let step): return (1, step.area)
        // Of no shape but the node's.
        case .axis: return (0, 0)
        case .groupSimilarity(let step): return (step.groups, step.area)
        case .resize(let step): return (step.channels, step.output.area)
        case .elementwise(let step): return (step.channels, step.area)
        case .toBlocks(let step), .fromBlocks(let step): return (step.channels, step.area)
        case .alignGroups(let step), .joinGroups(let step): return (step.channels, step.area)
        }
    }
}
