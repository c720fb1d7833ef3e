import Synchronization

extension Atomic where Value == Double {
    /// Adds to the number; of additions at the same time none is lost.
    func add(_ amount: Double) {
        var known = load(ordering: .relaxed)
        while true {
            let (exchanged, found) = weakCompareExchange(expected: known, desired: known + amount, ordering: .relaxed)
            if exchanged { return }
            known = found
        }
    }
}
