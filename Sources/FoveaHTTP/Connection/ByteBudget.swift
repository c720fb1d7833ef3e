import Synchronization

/// How many bytes of something, such as bodies, all connections together may hold. Callable from any thread.
package final class ByteBudget: Sendable {
    private let limit: Int
    private let held = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held now.
    package var used: Int { held.load(ordering: .relaxed) }

    /// Takes so many bytes where they fit.
    ///
    /// - Parameter evenAlone: whether more than the limit fit where nothing else is held: what is larger would else never fit.
    package func reserve(_ count: Int, evenAlone: Bool = false) -> Bool {
        let (before, after) = held.add(count, ordering: .relaxed)
        if after <= limit || evenAlone && before == 0 { return true }
        release(count)
        return false
    }

    package func release(_ count: Int) {
        held.subtract(count, ordering: .relaxed)
    }
}
