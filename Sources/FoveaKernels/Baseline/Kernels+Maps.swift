import FoveaCompute

extension Kernels {
    package static func run(
        _ step: LaneConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [MapOperation]
    ) {
        LaneKernel.run(step, pass, x, weight, to: y, then: operations)
    }

    package static func run(
        _ step: ChannelProduct, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [PostOperation]
    ) {
        ChannelKernel.run(step, pass, x, weight, to: y, then: operations)
    }

    package static func run(
        _ step: PlaneConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [PostOperation]
    ) {
        PlaneKernel.run(step, pass, x, weight, to: y, then: operations)
    }

    package static func run(_ step: MapPooling, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        MapPoolingKernel.run(step, pass, x, to: y, then: operations)
    }

    package static func run(_ step: PositionReduction, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        PositionReductionKernel.run(step, pass, x, to: y, then: operations)
    }

    package static func run(_ step: ChannelReduction, _ pass: Pass, _ x: Place, to y: Int, then operations: [PostOperation]) {
        ChannelKernel.run(step, pass, x, to: y, then: operations)
    }

    package static func run(_ step: AxisOperation, _ pass: Pass, _ x: Place, to y: Int, then operations: [PostOperation]) {
        AxisKernel.run(step, pass, x, to: y, then: operations)
    }

    package static func run(_ step: GroupSimilarity, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        GroupSimilarityKernel.run(step, pass, x, to: y, then: operations)
    }

    package static func run(_ step: MapResizing, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        MapResizingKernel.run(step, pass, x, to: y, then: operations)
    }

    package static func run(_ step: MapElementwise, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        MapElementwiseKernel.run(step, pass, x, to: y, then: operations)
    }

    package static func toBlocks(_ step: LayoutChange, _ pass: Pass, _ x: Place, to y: Int) {
        LayoutChangeKernel.toBlocks(step, pass, x, to: y)
    }

    package static func fromBlocks(_ step: LayoutChange, _ pass: Pass, _ x: Place, to y: Int) {
        LayoutChangeKernel.fromBlocks(step, pass, x, to: y)
    }

    package static func align(_ step: GroupAlignment, _ pass: Pass, _ x: Place, to y: Int) {
        GroupAlignmentKernel.align(step, pass, x, to: y)
    }

    package static func join(_ step: GroupAlignment, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        GroupAlignmentKernel.join(step, pass, x, to: y, then: operations)
    }
}
