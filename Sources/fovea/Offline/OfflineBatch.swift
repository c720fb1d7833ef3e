import FoveaServing

/// Sends files through the service, several at once, and hands the answers back in the order of the files.
struct OfflineBatch {
    typealias Answer = Result<Classification, ClassificationError>

    let service: ClassificationService
    let parameters: ClassifyParameters
    let drawings: DrawingFolder?

    /// Classifies every file; `receive` is called once for each, in order, when its drawings are written. What it throws ends the batch, and so does a drawing
    /// that cannot be written.
    func run(_ files: [String], receive: (String, Answer) throws -> Void) async throws {
        // Enough under way that no worker waits for the decoder, few enough that memory stays small.
        let width = max(4, 2 * service.options.threads * service.options.maxBatch)
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            var finished: [Int: Answer] = [:]
            var (started, received) = (0, 0)
            while received < files.count {
                while started < files.count, started < received + width {
                    let (index, file) = (started, files[started])
                    group.addTask { (index, try await classify(file)) }
                    started += 1
                }
                while finished[received] == nil, let (index, answer) = try await group.next() { finished[index] = answer }
                guard let answer = finished.removeValue(forKey: received) else { return }
                try receive(files[received], answer)
                received += 1
            }
        }
    }

    private func classify(_ file: String) async throws -> Answer {
        var classification: Classification
        do throws(ClassificationError) {
            classification = try await service.classify(PictureFiles.bytes(of: file), parameters: parameters)
        } catch {
            return .failure(error)
        }
        // Here and not when its turn comes: drawings that wait for slower pictures' would fill the memory.
        try drawings?.write(&classification, of: file)
        return .success(classification)
    }
}
