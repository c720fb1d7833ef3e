import FoveaServing

/// Sends files through the service, several at once, and hands the answers back in the order of the files.
struct OfflineBatch {
    typealias Answer = Result<Classification, ClassificationError>

    let service: ClassificationService
    let parameters: ClassifyParameters
    let drawings: DrawingFolder?

    /// How many files are under way at once: two batches for each worker, so that none waits for the decoder. Encoded pictures take memory, so that many
    /// workers share 256 of them, or have two each.
    static func width(_ options: ClassificationService.Options) -> Int {
        max(4, 2 * options.threads, min(256, 2 * options.threads * options.maxBatch))
    }

    /// Classifies every file; `receive` is called once for each, in order, when its drawings are written. What it throws ends the batch, and so does a drawing
    /// that cannot be written.
    func run(_ files: [String], receive: (String, Answer) throws -> Void) async throws {
        let width = Self.width(service.options)
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
            classification = try await service.classify(PictureFile.bytes(of: file), parameters: parameters)
        } catch {
            return .failure(error)
        }
        // Here and not when its turn comes: drawings that wait for slower pictures' would fill the memory.
        try drawings?.write(&classification, of: file)
        return .success(classification)
    }
}
