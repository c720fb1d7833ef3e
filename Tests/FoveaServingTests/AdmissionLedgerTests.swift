import FoveaSystem
import Testing

@testable import FoveaServing

@Suite struct AdmissionLedgerTests {
    private let ledger = AdmissionLedger(holds: .milliseconds(1))
    private let start = Instant.now

    private func looked(free: Int, after: Duration = .zero) -> Bool {
        ledger.looked(lane: 1, free: free, retryAfterSeconds: 3, now: start.advanced(by: after))
    }

    private func verdict(lane: Int = 1, after: Duration = .zero) -> AdmissionLedger.Verdict {
        ledger.verdict(lane: lane, now: start.advanced(by: after))
    }

    @Test func aLookGivesEachPlaceAwayOnce() {
        #expect(verdict() == .unknown)
        #expect(looked(free: 3))
        #expect(verdict() == .letIn)
        #expect(verdict() == .letIn)
        #expect(verdict() == .refused(retryAfterSeconds: 3))
        #expect(verdict(lane: 2) == .unknown, "another model has places of its own")
    }

    @Test func aLookHoldsForAMoment() {
        #expect(!looked(free: 0))
        #expect(verdict(after: .microseconds(999)) == .refused(retryAfterSeconds: 3))
        #expect(verdict(after: .milliseconds(1)) == .unknown)
    }

    @Test func whoIsUnderWayHasAPlaceUntilItTakesOne() {
        #expect(looked(free: 1))
        // The queue still shows the place, which is somebody's already.
        #expect(!looked(free: 1, after: .milliseconds(2)))
        ledger.arrived(lane: 1)
        #expect(looked(free: 1, after: .milliseconds(4)))
        // More may arrive than were let in: pictures in JSON are not asked for by their head.
        for _ in 0..<3 { ledger.arrived(lane: 1) }
        #expect(looked(free: 1, after: .milliseconds(6)))
    }

    @Test func headsWithoutBodiesKeepNoPlaceForLong() {
        #expect(looked(free: 2))
        #expect(verdict() == .letIn)
        #expect(!looked(free: 2, after: .milliseconds(10)))
        #expect(looked(free: 2, after: .milliseconds(21)))
    }

    @Test func aShortQueueIsLookedAtEveryTime() {
        let ledger = AdmissionLedger(holds: .zero)
        for _ in 0..<3 {
            #expect(ledger.looked(lane: 1, free: 1, retryAfterSeconds: 1, now: start))
            #expect(ledger.verdict(lane: 1, now: start) == .unknown)
        }
        #expect(!ledger.looked(lane: 1, free: 0, retryAfterSeconds: 1, now: start))
    }
}
