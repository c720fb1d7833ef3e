@testable import FoveaServing

extension WorkerPool {
    /// Waits for a pass over a picture whose place was reserved.
    func run(_ work: Work, attendance: Attendance) async throws(ClassificationError) -> PicturePass {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(work, attendance: attendance, to: PassReceiver { continuation.resume(returning: $0) })
            }
        } onCancel: {
            attendance.cancel()
        }
        return try result.get()
    }
}
