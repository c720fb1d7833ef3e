import Foundation
import FoveaServing

/// Sends files through the service, several at once, and hands the answers back in the order of the files.
struct OfflineBatch {
    typealias Answer = Result<Classification, ClassificationError>

    let service: ClassificationService
    let parameters: ClassifyParameters

    /// Classifies every file; `receive` is called once for each, in order. What it throws ends the batch.
    func run(_ files: [String], receive: (String, Answer) throws -> Void) async throws {
        // Enough under way that no worker waits for the decoder, few enough that memory stays small.
        let width = max(4, 2 * service.options.threads * service.options.maxBatch)
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            var finished: [Int: Answer] = [:]
            var (started, received) = (0, 0)
            while received < files.count {
                while started < files.count, started < received + width {
                    let (index, file) = (started, files[started])
                    group.addTask { (index, await classify(file)) }
                    started += 1
                }
                while finished[received] == nil, let (index, answer) = try await group.next() { finished[index] = answer }
                guard let answer = finished.removeValue(forKey: received) else { return }
                try receive(files[received], answer)
                received += 1
            }
        }
    }

    private func classify(_ file: String) async -> Answer {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        } catch {
            return .failure(.unsupportedPicture("The file cannot be read; check its permissions."))
        }
        do throws(ClassificationError) {
            return .success(try await service.classify(bytes, parameters: parameters))
        } catch {
            return .failure(error)
        }
    }
}
