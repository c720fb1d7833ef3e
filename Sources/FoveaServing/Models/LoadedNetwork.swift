import FoveaGraph
import FoveaVision
import FoveaZoo
import Foundation

/// A model directory, read and planned.
final class LoadedNetwork: PictureNetwork {
    let description: ModelDescription
    private let preprocessor: Preprocessor
    private let plan: Plan
    private let sessions = SessionShelf()

    /// Reads and plans the model in `directory`.
    init(directory: URL, maxPixels: Int) throws(ModelError) {
        let network = try Network(directory: directory)
        description = ModelDescription(network)
        preprocessor = Preprocessor(network.configuration.preprocessing, maxPixels: maxPixels)
        plan = Plan(network.graph)
    }

    func prepare(_ bytes: [UInt8]) throws(ClassificationError) -> PreparedInput {
        do {
            let start = ContinuousClock.now
            let picture = try preprocessor.decode(bytes)
            let decoded = ContinuousClock.now
            let prepared = try preprocessor.prepare(picture)
            return PreparedInput(
                values: prepared.values,
                image: Classification.Image(
                    width: prepared.width, height: prepared.height, orientation: prepared.orientation, crop: prepared.crop),
                decode: start.duration(to: decoded), preprocess: decoded.duration(to: .now))
        } catch {
            switch error {
            case .unsupported(let reason): throw .unsupportedPicture(reason)
            case .undecodable(let reason): throw .undecodablePicture(reason)
            }
        }
    }

    func run(_ inputs: [SessionInput], threads: Int) throws -> [SessionOutput] {
        let lease = sessions.take() ?? SessionShelf.Lease(Session(plan: plan))
        // A session that threw is not used again: what its arena holds is not known.
        let outputs = try lease.session.run(inputs, threads: threads)
        sessions.put(lease)
        return outputs
    }
}
