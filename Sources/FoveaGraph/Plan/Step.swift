import FoveaCompute

/// One operation as it is run: its kernel, where its numbers lie, and what was fused into it.
///
/// While a plan is compiled the places are buffers and constants by index; `Plan.init` ends with offsets.
struct Step: Sendable {
    /// Kernels on blocked maps and on vectors, in the machine's best instruction set.
    enum MapKernel: Sendable {
        case product(ProductConvolution, weight: Place)
        case winograd(WinogradConvolution, weight: Place)
        case groupedWinograd(GroupedWinograd, weight: Place)
        case picture(PictureConvolution, weight: Place)
        case lanes(LaneConvolution, weight: Place)
        case channelProduct(ChannelProduct, weight: Place)
        case plane(PlaneConvolution, weight: Place)
        case linear(LinearProduct, weight: Place)
        case dynamic(DynamicProduct, DynamicProduct.Sources)
        case pool(MapPooling)
        case reducePositions(PositionReduction)
        case reduceChannels(ChannelReduction)
        case axis(AxisOperation)
        case groupSimilarity(GroupSimilarity)
        case resize(MapResizing)
        case elementwise(MapElementwise)
        case toBlocks(LayoutChange)
        case fromBlocks(LayoutChange)
        case alignGroups(GroupAlignment)
        case joinGroups(GroupAlignment)
    }

    /// Kernels on row-major tensors, one picture at a time.
    enum RowMajorKernel: Sendable {
        case convolution(ConvolutionKernel, weight: Place)
        case dynamicConvolution(DynamicConvolutionKernel, kernels: Place, attention: Place?, spatial: Place?, inputScale: Place?)
        case generatedConvolution(GeneratedConvolutionKernel, base: Place?, generated: Place)
        case deformableConvolution(DeformableConvolutionKernel, weight: Place, offset: Place, mask: Place?)
        case pool(PoolingKernel)
        case resize(ResizingKernel)
        case standardize(StandardizationKernel)
        case matrixProduct(MatrixProductKernel, second: Place)
        case elementwise(ElementwiseKernel)
        case offsetLength(OffsetLengthKernel)
        case slice(SliceKernel)
        /// Copies each part to its distance from the output's start.
        case concatenate([(kernel: CopyKernel, part: Place, distance: Int)])
        case toPanels(PanelChange)
        case fromPanels(PanelChange)
    }

    enum Kernel: Sendable {
        case map(MapKernel)
        case rowMajor(RowMajorKernel)
    }

    var kernel: Kernel
    var input: Place
    /// The offset in the arena.
    var output: Int
    /// The offset of memory that the step's threads share.
    var shared: Int
    /// What was fused into a step with a row-major result.
    var operations: [PostOperation] = []
    /// What was fused into a step with a blocked result or a vector.
    var mapOperations: [MapOperation] = []
    /// What each output's product with the packed weights is multiplied by, as the first of the operations; nil is one.
    var weightScales: [Float]?
    /// Taps to copy out when the step is done.
    var taps: [Int] = []
    /// nil where the logits need the step; else the taps that do.
    var onlyForTaps: [Int]?
    /// The module whose operation it computes, where the graph was told one.
    var layer: String?

    /// Numbers of scratch memory for each thread.
    var scratchCount: Int {
        switch kernel {
        case .map(let kernel): kernel.scratchCount
        case .rowMajor(let kernel): kernel.scratchCount
        }
    }

    /// Applies `change` to every place that the step reads or writes.
    func mapPlaces(_ change: (Place) -> Place, offset: (Int) -> Int) -> Step {
        var step = self
        step.input = change(input)
        step.output = offset(output)
        step.shared = offset(shared)
        step.operations = operations.map {
            guard case .binary(let operation, let operand, let broadcast, let reversed) = $0 else { return $0 }
            return .binary(operation, change(operand), broadcast, reversed: reversed)
        }
        step.mapOperations = mapOperations.map {
            guard case .binary(let operation, let place, let operand, let reversed) = $0 else { return $0 }
            return .binary(operation, change(place), operand, reversed: reversed)
        }
        switch kernel {
        case .map(let kernel): step.kernel = .map(kernel.mapPlaces(change))
        case .rowMajor(let kernel): step.kernel = .rowMajor(kernel.mapPlaces(change))
        }
        return step
    }

    /// All places that the step reads, its input among them.
    var reads: [Place] {
        var places: [Place] = []
        _ = mapPlaces(
            { place in
                places.append(place)
                return place
            }, offset: { $0 })
        return places
    }
}
