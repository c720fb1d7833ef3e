@testable import FoveaHTTP

/// A connection that is sent anything, whole and in two pieces, and with the bodies of refused requests read or thrown away unseen: it must decide the same.
enum RequestFuzz {
    /// The first two bytes say where the rest is split.
    static func run(_ bytes: [UInt8]) {
        let input = bytes.dropFirst(2)
        guard let first = bytes.first, !input.isEmpty else { return }
        let split = input.startIndex + (Int(first) << 8 | Int(bytes[1])) % input.count
        let whole = outcome([input])
        let parts = outcome([input[..<split], input[split...]])
        precondition(whole == parts, "split at \(split - 2): \(parts) instead of \(whole)")
        let skipped = outcome([input[..<split], input[split...]], skips: true)
        precondition(whole == skipped, "split at \(split - 2) and skipped: \(skipped) instead of \(whole)")
    }

    /// The requests that came through, and the statuses that were answered.
    private static func outcome(_ pieces: [ArraySlice<UInt8>], skips: Bool = false) -> [String] {
        var limits = HTTPLimits()
        limits.body = 4_096
        // A server that reads ahead less would have its client wait; here nobody waits.
        limits.pipelined = .max
        let now = Moment(instant: .now, unixTime: 0)
        var state = ConnectionState(limits: limits, at: now) { head in
            // One path is refused by its head.
            head.path.hasPrefix("/r") ? .refuse(ServerResponse(status: .tooManyRequests)) : .accept(.optional)
        }
        var outcome: [String] = []
        func take(_ actions: [ConnectionState.Action]) {
            var actions = actions[...]
            while let action = actions.popFirst() {
                switch action {
                case .respond(let request):
                    outcome.append("\(request.head.method) \(request.head.path ?? "") \(request.body.count)")
                    actions += state.answered(ServerResponse(text: "ok"), at: now)
                case .send(let head, _):
                    // An interim answer depends on what lay in the same packet.
                    if !head.starts(with: ResponseEncoder.continueBytes) { actions += state.flushed(at: now) }
                case .report(let record): outcome.append("\(record.status.code)")
                case .watchPeer, .abandon, .endSending, .close: break
                }
            }
        }
        for var piece in pieces {
            while !piece.isEmpty {
                // As the socket does it: what can be thrown away is, and then the rest is read.
                let count = skips ? min(state.skippable, piece.count) : 0
                if count > 0 {
                    take(state.skipped(count, at: now))
                    piece = piece.dropFirst(count)
                } else if skips {
                    // A read may end anywhere, and what a head says is known before what is behind it is looked at.
                    take(state.received(piece.prefix(1), at: now))
                    piece = piece.dropFirst()
                } else {
                    take(state.received(piece, at: now))
                    piece = []
                }
            }
        }
        take(state.receivedEnd(at: now))
        take(state.lost(at: now))
        return outcome
    }
}
