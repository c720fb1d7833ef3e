import ArgumentParser
import FoveaSystem

/// One part of many of a list: every `count`th element from the one at `index` on.
///
/// Indices count from 0, as an indexed Kubernetes job counts its pods.
struct Shard: ExpressibleByArgument, Hashable {
    let index: Int
    let count: Int

    /// `I/N` with `0 ≤ I < N`.
    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(digits: parts[0].utf8), let count = Int(digits: parts[1].utf8), index < count else {
            return nil
        }
        (self.index, self.count) = (index, count)
    }

    /// The elements of this part, in their order. The parts of one list have no element in common and leave none out.
    func part<Element>(of list: [Element]) -> [Element] {
        stride(from: index, to: list.count, by: count).map { list[$0] }
    }
}
