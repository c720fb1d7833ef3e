import FoveaSystem
import Synchronization

/// How many places a lane's queue had when it was last looked at, and who was sent to take one since.
///
/// A flood asks thousands of times a second. If each asked the scheduler, the workers would wait at its lock; and all who ask before the first of them has
/// taken the last place would be let in, to be refused once their whole request was read. So a look holds for a moment and gives no place away twice.
final class AdmissionLedger: Sendable {
    /// What is known of a lane without a look at its queue.
    enum Verdict: Sendable, Equatable {
        case unknown
        case letIn
        case refused(retryAfterSeconds: Int)
    }

    private struct Entry: Sendable {
        var lookedAt: Instant
        /// Places that are not given away yet.
        var free: Int
        var retryAfterSeconds: Int
        /// Requests that were let in and have not taken their place yet.
        var underWay = 0
        var countedSince: Instant
    }

    private let entries = Mutex<[Int: Entry]>([:])
    private let holds: Duration

    /// - Parameter holds: how long a look holds; zero where every request is to be told of the queue as it is.
    init(holds: Duration) {
        self.holds = holds
    }

    /// Who was let in but sends its body slowly, or asks for what there is not, keeps no place for longer.
    private static var patience: Duration { .milliseconds(20) }

    /// What the last look at the lane says of one more request.
    func verdict(lane: Int, now: Instant) -> Verdict {
        guard holds > .zero else { return .unknown }
        return entries.withLock { entries in
            guard var entry = entries[lane], entry.lookedAt.duration(to: now) < holds else { return .unknown }
            guard entry.free > 0 else { return .refused(retryAfterSeconds: entry.retryAfterSeconds) }
            entry.free -= 1
            entry.underWay += 1
            entries[lane] = entry
            return .letIn
        }
    }

    /// Notes a look at the lane's queue.
    ///
    /// - Returns: whether the request that caused it is let in.
    func looked(lane: Int, free: Int, retryAfterSeconds: Int, now: Instant) -> Bool {
        guard holds > .zero else { return free > 0 }
        return entries.withLock { entries in
            // Lanes of models that are gone.
            if entries.count > 64 { entries.removeAll() }
            var entry = entries[lane] ?? Entry(lookedAt: now, free: 0, retryAfterSeconds: 0, countedSince: now)
            if entry.countedSince.duration(to: now) > Self.patience {
                entry.underWay = 0
                entry.countedSince = now
            }
            entry.lookedAt = now
            entry.retryAfterSeconds = retryAfterSeconds
            entry.free = free - entry.underWay
            let isLetIn = entry.free > 0
            if isLetIn {
                entry.free -= 1
                entry.underWay += 1
            }
            entries[lane] = entry
            return isLetIn
        }
    }

    /// A request takes its place.
    func arrived(lane: Int) {
        guard holds > .zero else { return }
        entries.withLock { entries in
            guard let underWay = entries[lane]?.underWay, underWay > 0 else { return }
            entries[lane]?.underWay = underWay - 1
        }
    }
}
