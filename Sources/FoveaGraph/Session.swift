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

/// A plan running: the arenas and the scratch memory of one worker. Sessions of one plan share its packed weights.
///
/// One pass runs at a time.
public final class Session {
    private let plan: Plan
    private var workspace: Workspace
    private var team: ThreadTeam?

    /// Pictures that go through the steps together; more are taken in turns. They share each stream of the weights, and each needs an arena.
    public static let picturesPerPass = 8

    /// Prepares to run `plan`; the memory of one picture on one thread is allocated here, and more at the first pass that needs it.
    public init(plan: Plan) {
        self.plan = plan
        workspace = Workspace(plan, pictures: 1, threads: 1)
    }

    /// Runs the pictures on up to `threads` threads; a picture's result depends neither on the others nor on `threads`.
    ///
    /// - Parameter isWanted: Asked between the steps for the picture of an index, from the calling thread; false ends the work on it.
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
        if threads > (team?.threads ?? 1) { team = ThreadTeam(threads: threads) }
        workspace.reserve(plan, pictures: min(inputs.count, Self.picturesPerPass), threads: threads)
        var outputs = [SessionOutput](repeating: SessionOutput(logits: [], maps: []), count: inputs.count)
        for first in stride(from: 0, to: inputs.count, by: Self.picturesPerPass) {
            let range = first..<min(first + Self.picturesPerPass, inputs.count)
            pass(inputs, range, threads: threads, isWanted, &outputs)
        }
        return outputs
    }

    // MARK: -

    private func pass(
        _ inputs: [SessionInput], _ range: Range<Int>, threads: Int, _ isWanted: ((Int) -> Bool)?, _ outputs: inout [SessionOutput]
    ) {
        let lane = workspace.lane(team: threads > 1 ? team : nil, limit: threads)
        for picture in range {
            inputs[picture].values.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                (arena(picture - range.lowerBound) + plan.input).update(from: base, count: values.count)
            }
            outputs[picture].maps = [[Float]](repeating: [], count: inputs[picture].taps.count)
        }
        // The pictures under way, by their places among the arenas.
        var alive = Array(0..<range.count)
        copy(plan.inputTaps, alive, inputs, range, &outputs)
        for step in plan.steps {
            if let isWanted {
                alive.removeAll { place in
                    guard !isWanted(range.lowerBound + place) else { return false }
                    outputs[range.lowerBound + place] = SessionOutput(logits: [], maps: [])
                    return true
                }
                if alive.isEmpty { return }
            }
            if let taps = step.onlyForTaps {
                let readers = alive.filter { inputs[range.lowerBound + $0].taps.contains(where: taps.contains) }
                run(step, readers, lane)
                copy(step.taps, readers, inputs, range, &outputs)
            } else {
                run(step, alive, lane)
                copy(step.taps, alive, inputs, range, &outputs)
            }
        }
        for place in alive {
            let logits = UnsafeBufferPointer(start: arena(place) + plan.output, count: plan.numClasses)
            outputs[range.lowerBound + place].logits = Array(logits)
        }
    }

    private func run(_ step: Step, _ places: [Int], _ lane: Lane) {
        guard !places.isEmpty else { return }
        places.withUnsafeBufferPointer { places in
            let pass = Pass(
                lane: lane, arenas: workspace.arenas, stride: plan.arenaCount, pictures: places, constants: plan.constants.pointer)
            switch step.kernel {
            case .map(let kernel): step.run(kernel, plan.kernels, pass)
            case .rowMajor(let kernel): step.run(kernel, pass)
            }
        }
    }

    private func copy(_ taps: [Int], _ places: [Int], _ inputs: [SessionInput], _ range: Range<Int>, _ outputs: inout [SessionOutput]) {
        for tap in taps {
            let source = plan.tapPlaces[tap]
            for place in places {
                let picture = range.lowerBound + place
                for (index, asked) in inputs[picture].taps.enumerated() where asked == tap {
                    outputs[picture].maps[index] = Array(UnsafeBufferPointer(start: arena(place) + source.offset, count: source.count))
                }
            }
        }
    }

    private func arena(_ place: Int) -> UnsafeMutablePointer<Float> { workspace.arenas + place * plan.arenaCount }
}

/// The memory of the pictures that run together.
private final class Workspace {
    private(set) var arenas: UnsafeMutablePointer<Float>
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
