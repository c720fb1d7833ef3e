import CAllocationCount
import FoveaTesting
import Testing

@testable import FoveaGraph

/// What a pass allocates once it has run: what the caller gets.
@Suite(.enabled(if: fovea_counts_allocations())) struct AllocationTests {
    @Test func theCountSeesAnArray() {
        func make() -> [Float] { [Float](repeating: 1, count: 10) }
        // The first array of a type is asked what it is.
        _ = make()
        let before = fovea_allocations()
        let values = make()
        let after = fovea_allocations()
        #expect(after - before == 1 && values.count == 10)
    }

    @Test func onOneThreadAPassAllocatesItsResultsAlone() throws {
        for seed in 0..<60 {
            let (inputs, session) = try sample(seed, pictures: 3)
            for batch in [1, 3] {
                for taps in [[], Array(inputs[0].taps.prefix(1)), inputs[0].taps] {
                    let asked = inputs[..<batch].map { SessionInput(values: $0.values, taps: taps) }
                    let found = try allocations(session, asked, threads: 1)
                    #expect(found == results(asked), "graph \(seed), batch \(batch), maps \(taps)")
                }
            }
        }
    }

    /// A loop that is shared with other threads is handed to them in one block of memory. They run the same loops as the first thread,
    /// which is the one that is counted here, and of one picture that one copies the results.
    @Test func onSeveralThreadsALoopAddsOne() throws {
        for seed in 0..<60 {
            let (inputs, session) = try sample(seed, pictures: 1)
            let added = try allocations(session, inputs, threads: 2) - results(inputs)
            // A step is one loop, or two: it gathers or transforms its input first.
            let steps = Plan(try RandomGraph.make(seed)).steps.count
            #expect((0...2 * steps).contains(added), "graph \(seed)")
        }
    }

    private func sample(_ seed: Int, pictures: Int) throws -> ([SessionInput], Session) {
        let graph = try RandomGraph.make(seed)
        var random = Random(seed + 3000)
        let inputs = (0..<pictures).map { _ in
            SessionInput(values: random.floats(graph.nodes[0].count), taps: Array(graph.taps.indices))
        }
        return (inputs, Session(plan: Plan(graph)))
    }

    /// The list of outputs; of each its logits, and where maps are asked for, their list and each of them.
    private func results(_ inputs: [SessionInput]) -> Int {
        inputs.reduce(1) { $0 + 1 + ($1.taps.isEmpty ? 0 : 1 + $1.taps.count) }
    }

    private func allocations(_ session: Session, _ inputs: [SessionInput], threads: Int) throws -> Int {
        _ = try session.run(inputs, threads: threads)
        let before = fovea_allocations()
        let outputs = try session.run(inputs, threads: threads)
        let after = fovea_allocations()
        #expect(outputs.count == inputs.count)
        return after - before
    }
}
