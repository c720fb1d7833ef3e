/// Whoever waits for a picture's pass, without a task of its own: a task for each picture would be a thread to wake for each.
struct PassReceiver: Sendable {
    /// Called once with what became of the picture, by the thread that found out; a worker that is kept here for long makes its next pass late.
    let take: @Sendable (Result<PicturePass, ClassificationError>) -> Void
    /// Called once after that, when all pictures that shared the pass were told: what was held back for their sake may go on.
    var settle: @Sendable () -> Void = {}

    /// Takes a result that no others come with.
    func finish(_ result: Result<PicturePass, ClassificationError>) {
        take(result)
        settle()
    }
}
