import FoveaGraph
import FoveaZoo

extension PictureNetwork {
    /// One pass over a black picture, with every map: it brings the weights into memory, and shows a model that cannot run.
    ///
    /// - Throws: what was wrong with the pass, or with what it gave.
    func warmUp(threads: Int) throws(ModelError) {
        let input = SessionInput(
            values: [Float](repeating: 0, count: description.inputSize.reduce(1, *)), taps: Array(description.maps.indices))
        let output: SessionOutput?
        do {
            output = try run([input], threads: threads).first
        } catch {
            throw ModelError("The warm-up pass failed: \(error)")
        }
        guard let output, output.logits.count == description.numClasses, output.maps.count == description.maps.count else {
            throw ModelError("The warm-up pass did not give \(description.numClasses) logits and \(description.maps.count) maps.")
        }
        guard output.logits.allSatisfy(\.isFinite) else {
            throw ModelError("The warm-up pass gave logits that are not finite numbers; the weights may be corrupt.")
        }
    }
}
