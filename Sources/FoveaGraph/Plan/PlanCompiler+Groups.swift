import FoveaCompute

extension PlanCompiler {
    /// A norm of positions' similarities with their groups' means, which is one step with what leads to it.
    struct GroupNorm: Sendable {
        let kernel: GroupSimilarity
        /// The map.
        let input: Int
        /// The nodes that are computed on the way: the means, and their products with the positions.
        let inner: [Int]
    }

    /// The norm at a node, if it is one of the products of a map's groups with their own means, and nothing else reads either.
    func groupNorm(_ index: Int) -> GroupNorm? {
        // What nothing needs is not counted among the readers of its input.
        guard !needs[index].isNothing, case .standardize(let axis, let epsilon) = graph.nodes[index].operation else { return nil }
        let product = root(graph.nodes[index].inputs[0])
        guard isReadOnce(product), case .matrixProduct(let geometry) = graph.nodes[product].operation,
            geometry.m == 1, !geometry.transposesSecond, axis == AxisGeometry([geometry.batch, geometry.n], axis: 1)
        else { return nil }
        let (means, input) = (root(graph.nodes[product].inputs[0]), root(graph.nodes[product].inputs[1]))
        let channels = geometry.batch * geometry.k
        guard isReadOnce(means), case .reduce(.mean, let positions) = graph.nodes[means].operation,
            positions == AxisGeometry([channels, geometry.n], axis: 1), root(graph.nodes[means].inputs[0]) == input
        else { return nil }
        let kernel = GroupSimilarity(channels: channels, groups: geometry.batch, area: geometry.n, epsilon: epsilon)
        return GroupNorm(kernel: kernel, input: input, inner: [means, product])
    }

    mutating func lowerStandardization(_ index: Int, _ axis: AxisGeometry, epsilon: Float) {
        guard let norm = groupNorm(index) else {
            addRowMajor(index, .standardize(StandardizationKernel(axis, epsilon: epsilon)))
            return
        }
        let kernel = norm.kernel
        let source = blocked(norm.input, channels: kernel.channels, area: kernel.area, need: needs[index])
        addBlocked(index, .groupSimilarity(kernel), input: .arena(source), channels: kernel.groups, area: kernel.area)
    }
}
