import FoveaCompute
import FoveaTesting
import Testing

@testable import FoveaGraph

/// Convolutions whose groups cut through blocks of sixteen channels, or are whole ones.
@Suite struct GroupedConvolutionTests {
    private func makeGraph(_ random: inout Random) throws -> Graph {
        let (groups, sizes) = (random.int(2...4), [3, 5, 12, 16, 24, 32, 48])
        let (inputs, outputs, kernel) = (random.pick(sizes), random.pick(sizes), random.pick([1, 3, 3, 3, 5]))
        var builder = try GraphBuilder(inputShape: [groups * inputs, random.pick([1, 5, 8, 16, 30]), random.pick([4, 8, 17])])
        let bias = random.int(0...1) == 0 ? random.parameter([groups * outputs]) : nil
        var y = try builder.convolution(
            builder.input, weight: random.parameter([groups * outputs, inputs, kernel, kernel]), bias: bias, stride: random.int(1...2),
            padding: kernel / 2, groups: groups, layer: "conv")
        y = builder.relu(try random.norm(&builder, y, "bn"))
        return try builder.finish(output: builder.flatten(y))
    }

    @Test func matchesTheReferenceOverRandomShapesAndFoldsWhatFollows() throws {
        var random = Random(7)
        var seen: [String: Int] = [:]
        for index in 0..<150 {
            let graph = try makeGraph(&random)
            let plan = Plan(graph)
            let pictures = (0..<3).map { _ in random.floats(plan.inputShape.reduce(1, *)) }
            let found = try Session(plan: plan).run(pictures.map { SessionInput(values: $0) })
            for (picture, output) in zip(pictures, found) {
                #expect(error(output.logits, try ReferenceExecutor(graph).run(picture).logits) < 1e-5, "case \(index)")
            }
            let alone = try Session(plan: plan).run([SessionInput(values: pictures[1])])[0]
            #expect(alone.logits.map(\.bitPattern) == found[1].logits.map(\.bitPattern), "case \(index)")

            var kernels: [String] = []
            for step in plan.steps {
                guard case .map(let kernel) = step.kernel else { continue }
                switch kernel {
                case .alignGroups: kernels.append("align")
                case .product: kernels.append("product")
                case .groupedWinograd: kernels.append("winograd")
                case .joinGroups: kernels.append("join")
                case .elementwise: kernels.append("end")
                default: break
                }
            }
            seen[kernels.joined(separator: " "), default: 0] += 1
            // The norm is in the weights and in what the last step of the convolution ends with: the shift and the ReLU.
            #expect(plan.steps.allSatisfy { $0.mapOperations.isEmpty || $0.mapOperations.count == 2 }, "case \(index)")
        }
        let product = ["product", "align product", "product join", "align product join"]
        for kernels in product + ["winograd end", "align winograd end", "winograd join"] {
            #expect(seen[kernels, default: 0] > 0, "\(kernels): \(seen)")
        }
    }
}
