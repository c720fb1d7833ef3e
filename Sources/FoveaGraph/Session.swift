import FoveaCompute

/// A plan running: the arenas and the scratch memory of one worker. Sessions of one plan share its packed weights, sessions of all plans their helpers.
///
/// One pass runs at a time.
public final class Session {
    private let plan: Plan
    private var workspace: Workspace
    private let teams: TeamPool

    /// Pictures that go through the steps together; more are taken in turns. They share each stream of the weights, and each needs an arena.
    public static let picturesPerPass = Pass.mostPictures

    /// Prepares to run `plan`; the memory of one picture on one thread is allocated here, and more at the first pass that needs it.
    ///
    /// - Parameter teams: Where passes borrow their helpers; one pool for all sessions that run beside each other, so that idle sessions keep none.
    public init(plan: Plan, teams: TeamPool = TeamPool()) {
        self.plan = plan
        self.teams = teams
        workspace = Workspace(plan, pictures: 1, threads: 1)
    }

    /// Runs the pictures on up to `threads` threads, on fewer where the pool of teams has no more; a picture's result depends neither on the others nor on the
    /// threads.
    ///
    /// - Parameter isWanted: Asked between the steps for the picture of an index, from any thread; false ends the work on it.
    public func run(
        _ inputs: [SessionInput], threads: Int = 1, isWanted: (@Sendable (_ picture: Int) -> Bool)? = nil
    ) throws(GraphError) -> [SessionOutput] {
        try run(inputs, threads, isWanted, times: nil)
    }

    /// Runs the pictures as `run` does and tells how long each step of the plan took; those that only a map needs are left out.
    public func stepTimes(of inputs: [SessionInput], threads: Int = 1) throws(GraphError) -> [StepTime] {
        let count = plan.steps.count
        // Each thread writes to the times of its own picture.
        let times = UnsafeMutablePointer<Int64>.allocate(capacity: Self.picturesPerPass * count)
        times.initialize(repeating: 0, count: Self.picturesPerPass * count)
        defer { times.deallocate() }
        _ = try run(inputs, threads, nil, times: times)
        return plan.steps.indices.compactMap { index in
            let sum = (0..<Self.picturesPerPass).reduce(0) { $0 + times[$1 * count + index] }
            return plan.steps[index].onlyForTaps == nil ? StepTime(plan.steps[index], time: .nanoseconds(sum)) : nil
        }
    }

    private func run(
        _ inputs: [SessionInput], _ threads: Int, _ isWanted: (@Sendable (_ picture: Int) -> Bool)?, times: UnsafeMutablePointer<Int64>?
    ) throws(GraphError) -> [SessionOutput] {
        for input in inputs {
            guard input.values.count == plan.inputShape.reduce(1, *) else {
                throw GraphError("a picture of \(input.values.count) numbers was given, but the shape \(plan.inputShape) is needed")
            }
            guard input.taps.allSatisfy(plan.taps.indices.contains) else {
                throw GraphError("a map was asked for that is not among the plan's \(plan.taps.count)")
            }
            if let explanation = input.explanation { try plan.check(explanation) }
        }
        let team = teams.take(threads: threads)
        defer { if let team { teams.give(team) } }
        let given = max(1, min(threads, team?.threads ?? 1))
        workspace.reserve(plan, pictures: min(inputs.count, Self.picturesPerPass), threads: given)
        let lane = workspace.lane(team: team, limit: given)
        var outputs = inputs.map { SessionOutput(logits: [], maps: [[Float]](repeating: [], count: $0.taps.count)) }
        outputs.withUnsafeMutableBufferPointer { outputs in
            Subnormals.flushed {
                for first in stride(from: 0, to: inputs.count, by: Self.picturesPerPass) {
                    let range = first..<min(first + Self.picturesPerPass, inputs.count)
                    PlanRun(
                        plan: plan, arenas: workspace.arenas, givenUp: workspace.givenUp, inputs: inputs, range: range, outputs: outputs,
                        isWanted: isWanted, times: times
                    ).run(lane, threads: given)
                    ExplanationRun(plan: plan, inputs: inputs, range: range, outputs: outputs, isWanted: isWanted)?.run(lane)
                }
            }
        }
        return outputs
    }
}

/// The memory of the pictures that run together.
private final class Workspace {
    private(set) var arenas: UnsafeMutablePointer<Float>
    /// For each arena whether its picture was given up.
    let givenUp = UnsafeMutablePointer<Bool>.allocate(capacity: Session.picturesPerPass)
    private var scratch: UnsafeMutablePointer<Float>
    private let scratchCount: Int
    private var pictures: Int
    private var threads: Int

    init(_ plan: Plan, pictures: Int, threads: Int) {
        scratchCount = plan.scratchCount
        self.pictures = pictures
        self.threads = threads
        arenas = .allocateAligned(plan.arenaCount * pictures)
        scratch = .allocateAligned(max(scratchCount * threads, 1))
    }

    deinit {
        givenUp.deallocate()
        arenas.deallocate()
        scratch.deallocate()
    }

    /// Makes room for more pictures or threads; what the arenas hold is lost.
    func reserve(_ plan: Plan, pictures: Int, threads: Int) {
        if pictures > self.pictures {
            arenas.deallocate()
            arenas = .allocateAligned(plan.arenaCount * pictures)
            self.pictures = pictures
        }
        if threads > self.threads {
            scratch.deallocate()
            scratch = .allocateAligned(max(scratchCount * threads, 1))
            self.threads = threads
        }
    }

    func lane(team: ThreadTeam?, limit: Int) -> Lane {
        Lane(team: limit > 1 ? team : nil, limit: limit, scratch: scratch, scratchCount: scratchCount)
    }
}
