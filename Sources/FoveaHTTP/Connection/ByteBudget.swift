import Synchronization

/// How many bytes of bodies all connections together may hold. Callable from any thread.
package final class ByteBudget: Sendable {
    private let limit: Int
    private let held = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held now.
    package var used: Int { held.load(ordering: .relaxed) }

    /// Takes so many bytes where they fit.
    package func reserve(_ count: Int) -> Bool {
        let (_, after) = held.add(count, ordering: .relaxed)
        if after <= limit { return true }
        release(count)
        return false
    }

    package func release(_ count: Int) {
        held.subtract(count, ordering: .relaxed)
    }
}
