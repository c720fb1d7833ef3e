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
    /// - Parameter isLarge: whether a share of the limit must stay free: a few large ones that are held for long must not keep out all the small ones.
    package func reserve(_ count: Int, isLarge: Bool = false) -> Bool {
        take(count, upTo: most(isLarge)) != nil
    }

    /// As `reserve`, but where nothing else is held anything fits: what is larger would else never do.
    ///
    /// - Returns: how many bytes were taken and are to be released, at most as many as one may take; `nil` where none fit.
    package func reserveEvenAlone(_ count: Int, isLarge: Bool) -> Int? {
        let most = most(isLarge)
        return take(count, upTo: most) ?? take(most, upTo: most)
    }

    /// Takes so many bytes where there are no more than `most` then. What does not fit is not held for a moment, in which others would be refused.
    private func take(_ count: Int, upTo most: Int) -> Int? {
        if count == 0 { return 0 }
        var before = used
        while before <= most - count {
            let (isTaken, found) = held.weakCompareExchange(expected: before, desired: before + count, ordering: .relaxed)
            if isTaken { return count }
            before = found
        }
        return nil
    }

    private func most(_ isLarge: Bool) -> Int { isLarge ? limit / 4 * 3 : limit }

    package func release(_ count: Int) {
        held.subtract(count, ordering: .relaxed)
    }
}
