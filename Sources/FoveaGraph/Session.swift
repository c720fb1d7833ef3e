import FoveaCompute

/// One picture's share of a pass.
public struct SessionInput: Sendable {
    /// The normalised picture, [C, H, W] row-major, of the graph's input shape.
    public var values: [Float]
    /// Indices into `Graph.taps` of the maps to hand out; the others are not copied.
    public var taps: [Int]

    /// A picture and the maps to hand out of it.
    public init(values: [Float], taps: [Int] = []) {
        self.values = values
        self.taps = taps
    }
}

/// What a pass computed for one picture.
public struct SessionOutput: Sendable {
    /// One score per class, before any softmax; empty where the picture was given up on the way.
    public var logits: [Float]
    /// The maps asked for, in the order of `SessionInput.taps`, each row-major in its tap's shape.
    public var maps: [[Float]]

    /// What was computed.
    public init(logits: [Float], maps: [[Float]]) {
        self.logits = logits
        self.maps = maps
    }
}

/// A plan running: the arena and scratch memory of one worker. Sessions of one plan share its packed weights.
///
/// One pass runs at a time.
public final class Session {
    private let plan: Plan
    /// One for each picture that runs at the same time; each is an arena and, for every thread that may work on it, scratch memory.
    private var workspaces: [Workspace]
    private var team: ThreadTeam?

    /// Prepares to run `plan`; all memory that a pass on one thread needs is allocated here, and for more threads at their first pass.
    public init(plan: Plan) {
        self.plan = plan
        workspaces = [Workspace(plan, threads: 1)]
    }

    /// Runs one pass over the pictures on up to `threads` threads; a picture's result does not depend on the others nor on `threads`.
    ///
    /// One picture is split over the threads; of several, each thread takes one after the other.
    /// - Parameter isWanted: Asked between the steps for the picture of an index, from any thread; false ends the work on it.
    public func run(
        _ inputs: [SessionInput], threads: Int = 1, isWanted: (@Sendable (_ picture: Int) -> Bool)? = nil
    ) throws(GraphError) -> [SessionOutput] {
        for input in inputs {
            guard input.values.count == plan.inputShape.reduce(1, *) else {
                throw GraphError("a picture of \(input.values.count) numbers was given, but the shape \(plan.inputShape) is needed")
            }
            guard input.taps.allSatisfy(plan.taps.indices.contains) else {
                throw GraphError("a map was asked for that is not among the plan's \(plan.taps.count)")
            }
        }
        let threads = max(threads, 1)
        prepare(pictures: min(inputs.count, threads), threads: threads)
        guard inputs.count > 1, threads > 1, let team else {
            let lane = workspaces[0].lane(team: team, limit: threads)
            return inputs.indices.map { pass($0, inputs[$0], workspaces[0], lane, isWanted) }
        }
        var outputs = [SessionOutput](repeating: SessionOutput(logits: [], maps: []), count: inputs.count)
        outputs.withUnsafeMutableBufferPointer { outputs in
            team.parallelFor(blocks: inputs.count, limit: threads) { picture, thread in
                let lane = workspaces[thread].lane(team: nil, limit: 1)
                outputs[picture] = pass(picture, inputs[picture], workspaces[thread], lane, isWanted)
            }
        }
        return outputs
    }

    // MARK: -

    private func prepare(pictures: Int, threads: Int) {
        if threads > (team?.threads ?? 1) {
            team = ThreadTeam(threads: threads)
            workspaces[0].reserve(plan, threads: threads)
        }
        while workspaces.count < pictures { workspaces.append(Workspace(plan, threads: 1)) }
    }

    private func pass(
        _ picture: Int, _ input: SessionInput, _ workspace: Workspace, _ lane: Lane, _ isWanted: ((Int) -> Bool)?
    ) -> SessionOutput {
        let arena = workspace.arena
        let memory = Memory(arena: arena, constants: plan.constants.pointer)
        input.values.withUnsafeBufferPointer { values in
            if let base = values.baseAddress { (arena + plan.input).update(from: base, count: values.count) }
        }
        var maps = [[Float]](repeating: [], count: input.taps.count)
        func copy(_ taps: [Int]) {
            for tap in taps {
                for (index, asked) in input.taps.enumerated() where asked == tap {
                    let place = plan.tapPlaces[tap]
                    maps[index] = Array(UnsafeBufferPointer(start: arena + place.offset, count: place.count))
                }
            }
        }
        if !input.taps.isEmpty { copy(plan.inputTaps) }
        for step in plan.steps {
            if let taps = step.onlyForTaps, !taps.contains(where: input.taps.contains) { continue }
            if let isWanted, !isWanted(picture) { return SessionOutput(logits: [], maps: []) }
            step.run(lane, memory)
            if !input.taps.isEmpty { copy(step.taps) }
        }
        let logits = Array(UnsafeBufferPointer(start: arena + plan.output, count: plan.numClasses))
        return SessionOutput(logits: logits, maps: maps)
    }
}

/// The memory of one running picture.
private final class Workspace {
    let arena: UnsafeMutablePointer<Float>
    private var scratch: UnsafeMutablePointer<Float>
    private let scratchCount: Int

    init(_ plan: Plan, threads: Int) {
        arena = .allocateAligned(max(plan.arenaCount, 1))
        scratchCount = plan.scratchCount
        scratch = .allocateAligned(max(plan.scratchCount * threads, 1))
    }

    deinit {
        arena.deallocate()
        scratch.deallocate()
    }

    /// Makes room for the scratch memory of more threads.
    func reserve(_ plan: Plan, threads: Int) {
        scratch.deallocate()
        scratch = .allocateAligned(max(scratchCount * threads, 1))
    }

    func lane(team: ThreadTeam?, limit: Int) -> Lane {
        Lane(team: limit > 1 ? team : nil, limit: limit, scratch: scratch, scratchCount: scratchCount)
    }
}
