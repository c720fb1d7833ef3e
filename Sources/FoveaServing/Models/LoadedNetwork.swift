import FoundationEssentials
import FoveaCompute
import FoveaGraph
import FoveaVision
import FoveaZoo

/// A model directory, read and planned.
final class LoadedNetwork: PictureNetwork {
    let description: ModelDescription
    private let preparation: PicturePreparation
    private let plan: Plan
    private let sessions = SessionShelf()
    private let teams: TeamPool

    /// Reads and plans the model in `directory`.
    ///
    /// - Parameter teams: the helpers that all models share.
    init(directory: URL, maxPixels: Int, decoding: DecodingBudget, precision: Precision, teams: TeamPool) throws(ModelError) {
        self.teams = teams
        let network = try Network(directory: directory)
        preparation = try PicturePreparation(network.configuration.preprocessing, maxPixels: maxPixels, decoding: decoding)
        plan = Plan(network.graph, precision: precision)
        guard plan.weightsFit else {
            throw ModelError(
                "A weight, after the norm behind it was multiplied in, is not a number or beyond what 16 bits can be scaled to; serve it with --precision bf16 or f32."
            )
        }
        description = ModelDescription(network, plan)
    }

    var weightBytes: Int { plan.weightBytes }

    var passBytes: (picture: Int, thread: Int) { (plan.arenaBytes, plan.scratchBytes) }

    func prepare(_ bytes: [UInt8]) throws(ClassificationError) -> PreparedInput {
        try preparation.prepare(bytes)
    }

    func canvas(of bytes: [UInt8]) throws(ClassificationError) -> Picture {
        try preparation.canvas(of: bytes)
    }

    func run(_ inputs: [SessionInput], threads: Int, isWanted: (@Sendable (Int) -> Bool)?) throws -> [SessionOutput] {
        try withSession { try $0.run(inputs, threads: threads, isWanted: isWanted) }
    }

    func stepTimes(of inputs: [SessionInput], threads: Int) throws -> [StepTime] {
        try withSession { try $0.stepTimes(of: inputs, threads: threads) }
    }

    private func withSession<Result>(_ body: (Session) throws -> Result) rethrows -> Result {
        let lease = sessions.take() ?? SessionShelf.Lease(Session(plan: plan, teams: teams))
        // A session that threw is not used again: what its arena holds is not known.
        let result = try body(lease.session)
        sessions.put(lease)
        return result
    }
}
