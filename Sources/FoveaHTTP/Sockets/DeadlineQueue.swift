import FoveaSystem
import HeapModule

/// Who is to be looked at, and when. Deadlines move with every request and few come to pass, so that a later one is not noted: the look at the earlier
/// one asks for the next.
struct DeadlineQueue<Member: Hashable> {
    private struct Entry: Comparable {
        let due: Instant
        let member: Member

        static func < (one: Entry, other: Entry) -> Bool { one.due < other.due }
    }

    private var entries = Heap<Entry>()
    /// For which of its entries a member stands; the others are forgotten when they come up.
    private var dues: [Member: Instant] = [:]

    /// No member is due before this; `nil` when none ever is.
    var next: Instant? { entries.min?.due }

    /// Has a member looked at by then; does nothing where it will be earlier.
    mutating func add(_ member: Member, by due: Instant) {
        if let earlier = dues[member], earlier <= due { return }
        dues[member] = due
        entries.insert(Entry(due: due, member: member))
    }

    /// Forgets a member.
    mutating func remove(_ member: Member) {
        dues[member] = nil
    }

    /// Takes the members that are due, the longest first, and at most so many of them.
    mutating func takeDue(at now: Instant, most count: Int) -> [Member] {
        var members: [Member] = []
        while members.count < count, let entry = entries.min, entry.due <= now {
            entries.removeMin()
            guard dues[entry.member] == entry.due else { continue }
            dues[entry.member] = nil
            members.append(entry.member)
        }
        return members
    }
}
