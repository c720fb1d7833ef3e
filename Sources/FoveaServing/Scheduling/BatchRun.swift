import FoveaGraph
import FoveaSystem
import Logging

/// A batch on its way through the network, on a worker's thread.
struct BatchRun {
    /// What became of each picture.
    private(set) var results: [Result<PicturePass, ClassificationError>]
    /// Whether there was a pass; none is needed where no picture of the batch is one.
    private(set) var hasPass = false
    private let tickets: [Ticket]
    private let logger: Logger

    /// Decodes what is not decoded yet and runs the pass over those that are pictures.
    init(_ batch: Scheduler<Ticket>.Batch, logger: Logger) {
        tickets = batch.entries
        self.logger = logger
        results = tickets.map { _ in .failure(.inferenceFailed) }
        // Those that can run, and how long it took to prepare them here.
        var prepared: [(index: Int, input: PreparedInput, took: Duration)] = []
        var inputs: [SessionInput] = []
        for (index, ticket) in tickets.enumerated() {
            do throws(ClassificationError) {
                var input = try ticket.work.input.prepared(for: ticket.work.network)
                let contents = ticket.work.contents
                inputs.append(SessionInput(values: input.values, taps: contents.maps, explanation: contents.explanation))
                input.values = []
                prepared.append((index, input, ticket.work.input.isPrepared ? .zero : input.decode + input.preprocess))
            } catch {
                results[index] = .failure(error)
            }
        }
        guard let network = tickets.first?.work.network, !inputs.isEmpty else { return }
        hasPass = true
        let start = Instant.now
        let outputs = outputs(of: network, inputs, at: prepared.map(\.index), threads: batch.threads)
        let inference = start.duration(to: .now)
        for (place, (output, (index, input, took))) in zip(outputs, prepared).enumerated() {
            // The client left on the way.
            if output.logits.isEmpty {
                results[index] = .failure(.abandoned)
                continue
            }
            results[index] = .success(
                PicturePass(
                    prepared: input, output: output, queue: tickets[index].submitted.duration(to: start) - took + input.waited,
                    inference: inference, batchSize: inputs.count, place: place))
        }
    }

    /// One output for each input, or none at all where the pass failed.
    private func outputs(of network: any PictureNetwork, _ inputs: [SessionInput], at indices: [Int], threads: Int) -> [SessionOutput] {
        let tickets = tickets
        do {
            let outputs = try network.run(inputs, threads: threads) { !tickets[indices[$0]].isAbandoned }
            if outputs.count == inputs.count { return outputs }
            logger.error("A pass gave \(outputs.count) outputs for \(inputs.count) pictures.")
        } catch {
            logger.error("A pass failed.", metadata: ["architecture": "\(network.description.architecture)", "error": "\(error)"])
        }
        return []
    }
}
