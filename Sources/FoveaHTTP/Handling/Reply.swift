/// The way back of one answer, for who answers without a task.
///
/// `post` and then `ring` must be called, once each and from any thread. Who has several answers posts all of them first: a loop that is woken once sends
/// them together, where one that is woken for the first of them takes the processor from who makes the others.
public struct Reply: Sendable {
    private let put: @Sendable (ServerResponse) -> Void
    private let wake: @Sendable () -> Void

    /// A way back.
    ///
    /// - Parameters:
    ///   - put: takes the answer, which may wait.
    ///   - wake: has what waits be sent.
    public init(put: @escaping @Sendable (ServerResponse) -> Void, wake: @escaping @Sendable () -> Void = {}) {
        (self.put, self.wake) = (put, wake)
    }

    /// Hands the answer over; it may wait for `ring`.
    public func post(_ response: ServerResponse) { put(response) }

    /// Has what was posted be sent.
    public func ring() { wake() }
}
