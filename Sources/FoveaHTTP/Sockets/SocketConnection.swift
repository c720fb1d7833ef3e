import FoveaSystem

/// Drives one `ConnectionState` with a socket. Touched on its loop's thread alone; that is what makes it `Sendable`.
final class SocketConnection: @unchecked Sendable {
    private let socket: Socket
    private let tls: TLSSession?
    private let loop: ConnectionLoop
    private var state: ConnectionState
    private var output: [[UInt8]] = []
    /// Bytes of `output`'s first element that went out.
    private var written = 0
    /// What TLS is still to encrypt, a piece at a time: as the socket takes it, so that a long answer is in memory once and keeps no other connection waiting.
    private var plain: [ArraySlice<UInt8>] = []
    private var watch: EventLoop.Watch?
    private var isClosed = false
    /// Whether TLS failed; nothing more can be encrypted.
    private var isBroken = false
    private var endsSending = false
    /// Whether what follows the last answer waits for the loop's next round.
    private var isResting = false
    private var watchesPeer = false
    private var task: Task<Void, Never>?
    /// Of the answer that is in `output`.
    private var account: (any Sendable)?

    init(socket: Socket, tls: TLSSession?, remoteAddress: String?, drain: ConnectionState.Drain, loop: ConnectionLoop) {
        self.socket = socket
        self.tls = tls
        self.loop = loop
        let handler = loop.handler
        state = ConnectionState(
            limits: loop.configuration.limits, problems: loop.configuration.problems, remoteAddress: remoteAddress, drain: drain,
            bodies: loop.bodies, answers: loop.answers, at: .now, admit: { handler.admit($0) })
    }

    func start() {
        watch = loop.events.add(socket.descriptor) { [weak self] interest in self?.ready(interest) }
        updateInterest()
    }

    /// Since when nothing is under way; `nil` where something is.
    var idleSince: Instant? { state.idleSince }

    /// Others need the place that this connection takes without a request.
    func makeRoom() {
        // A request may wait in the socket.
        if state.outlook().wantsInput { readable() }
        if !isClosed { run(state.makeRoom()) }
    }

    private var hasOutput: Bool { !output.isEmpty || !plain.isEmpty }

    private func ready(_ interest: EventLoop.Interest) {
        if interest.contains(.read) { readable() }
        if interest.contains(.write), !isClosed { run([]) }
    }

    func drain(_ drain: ConnectionState.Drain) {
        state.drain(drain, at: .now)
        announce(state.outlook().deadline)
    }

    /// Closes at once, whatever is under way.
    func cut() {
        run(state.lost(as: .serviceUnavailable, at: .now))
    }

    func postpone(by delay: Duration) {
        state.postpone(by: delay)
    }

    func timePassed(at now: Moment) {
        if watchesPeer, socket.isGone { return run(state.lost(at: now)) }
        let outlook = state.outlook()
        guard let deadline = outlook.deadline, now.instant >= deadline else { return announce(outlook.deadline) }
        // What came while this loop was busy came in time, and what was taken was: a socket is told writable only once a third of its buffer is free.
        if outlook.wantsInput { readable() }
        if hasOutput, !isClosed { run([]) }
        guard !isClosed else { return }
        run(state.timePassed(at: now))
    }

    private func announce(_ deadline: Instant?) {
        if watchesPeer {
            loop.look(at: self, by: Instant.now.advanced(by: loop.tick))
        } else if let deadline {
            loop.look(at: self, by: deadline)
        }
    }

    // MARK: - Reading

    /// Most heads have fewer bytes.
    private static let headBytes = 1_024

    private func readable() {
        // A few reads at most, so that one fast sender leaves room for the others on this loop.
        for _ in 0..<8 {
            let outlook = state.outlook()
            guard !isClosed, outlook.wantsInput else { break }
            let skippable = tls == nil ? outlook.skippable : 0
            // Where the last request was refused, this one will likely be too: its head is read alone, and its body need not be copied.
            let limit = loop.expectsRefusal && outlook.isIdle && tls == nil ? Self.headBytes : loop.buffer.count
            switch skippable > 0 ? socket.skip(skippable) : socket.read(into: &loop.buffer, limit: limit) {
            case .bytes(let count):
                if skippable > 0 {
                    run(state.skipped(count, at: .now))
                } else if let tls {
                    if decrypt(tls, count) > Self.mostRecords { return }
                } else {
                    run(state.received(loop.buffer[..<count], at: .now))
                }
                // What may lie behind a skipped body is told at the next look.
                if skippable > 0 || count < limit { return }
            case .end: run(state.receivedEnd(at: .now))
            case .wouldBlock: return
            case .failed: run(state.lost(at: .now))
            }
        }
    }

    /// A read of more records than this ends the turn: each costs as much as some thousand bytes do, and may hold one.
    private static let mostRecords = 256

    /// Takes `count` bytes of the loop's buffer through TLS to the connection's state.
    ///
    /// - Returns: how many records held data.
    private func decrypt(_ tls: TLSSession, _ count: Int) -> Int {
        var records = 0
        guard tls.feed(loop.buffer[..<count]) else {
            run(state.lost(at: .now))
            return records
        }
        if loop.plain.isEmpty { loop.plain = [UInt8](repeating: 0, count: 16_384) }
        while !isClosed {
            let outcome = tls.read(into: &loop.plain)
            // Handshake messages, or an alert.
            enqueue(tls.takeOutput())
            switch outcome {
            case .bytes(let count):
                records += 1
                run(state.received(loop.plain[..<count], at: .now))
                continue
            case .more: run([])
            case .end: run(state.receivedEnd(at: .now))
            case .failed(let reason):
                tell(reason, of: tls)
                _ = write()
                isBroken = true
                run(state.lost(at: .now))
            }
            break
        }
        return records
    }

    /// Who cannot shake hands sends no request, whose line in the log would tell of it.
    private func tell(_ reason: String, of tls: TLSSession) {
        let isEstablished = tls.isEstablished
        if !isEstablished { loop.counter.handshakeFailed() }
        loop.configuration.logger.debug(
            isEstablished ? "A TLS connection failed." : "A TLS handshake failed.",
            metadata: ["remote": "\(state.remoteAddress ?? "-")", "reason": "\(reason)"])
    }

    private func enqueue(_ bytes: [UInt8]) {
        if !bytes.isEmpty { output.append(bytes) }
    }

    // MARK: - Acting

    /// As many pipelined requests are answered right here before the loop's other connections have their turn.
    private static let answersInTurn = 16

    /// Does what the state says, and what follows from that, without recursion: pipelined refusals answer one after another.
    private func run(_ actions: [ConnectionState.Action]) {
        var queue = actions[...]
        var answers = 0
        while !isClosed {
            if let action = queue.popFirst() {
                perform(action)
                continue
            }
            let hadOutput = hasOutput
            guard write() else {
                queue = state.lost(at: .now)[...]
                continue
            }
            guard hadOutput, !hasOutput, !isResting else { break }
            account = nil
            answers += 1
            if answers == Self.answersInTurn {
                isResting = true
                loop.events.leave { [weak self] in self?.goOn() }
                break
            }
            queue = state.flushed(at: .now)[...]
            if queue.isEmpty { break }
        }
        updateInterest()
    }

    private func goOn() {
        isResting = false
        guard !isClosed, !hasOutput else { return }
        run(state.flushed(at: .now))
    }

    private func perform(_ action: ConnectionState.Action) {
        switch action {
        case .respond(let request):
            let (handler, events) = (loop.handler, loop.events)
            let reply = Reply(put: { [self] response in events.leave { [self] in answer(response) } }, wake: { events.wake() })
            if handler.take(request, reply) { return }
            task = Task.detached(priority: .userInitiated) {
                reply.post(await handler.respond(to: request))
                reply.ring()
            }
        case .send(let head, let body):
            if tls != nil {
                // One record for a short answer, rather than two.
                if head.count + body.count <= Self.record { plain.append((head + body)[...]) } else { plain += [head[...], body[...]] }
            } else {
                output.append(head)
                enqueue(body)
            }
        case .watchPeer:
            watchesPeer = true
            // Long enough for a closed client on the same machine to reset; farther ones are noticed at a later tick.
            loop.events.after(.milliseconds(20)) { [weak self] in
                guard let self, watchesPeer, !isClosed, socket.isGone else { return }
                run(state.lost(at: .now))
            }
        case .abandon(let client):
            task?.cancel()
            client.disconnect()
        case .endSending:
            if let tls {
                tls.end()
                enqueue(tls.takeOutput())
            }
            endsSending = true
        case .close: close()
        case .report(let record):
            loop.expectsRefusal = record.status == .tooManyRequests
            if loop.expectsRefusal { loop.events.rest(for: loop.configuration.overloadPause) }
            loop.configuration.observe?(record)
        }
    }

    private func answer(_ response: ServerResponse) {
        guard !isClosed else { return }
        task = nil
        watchesPeer = false
        account = response.account
        run(state.answered(response, at: .now))
    }

    /// The most bytes of a TLS record (RFC 8446, 5.1).
    private static let record = 16_384
    /// So many bytes are encrypted at once, and so many of these pieces before the loop's other connections have their turn.
    private static let (piece, piecesInTurn) = (4 * record, 8)

    /// Encrypts the next piece of what is to be sent.
    ///
    /// - Returns: whether there was one.
    private func encrypt() -> Bool {
        guard let tls, let next = plain.first else { return false }
        isBroken = !tls.write(next.prefix(Self.piece))
        if next.count > Self.piece { plain[0] = next.dropFirst(Self.piece) } else { plain.removeFirst() }
        enqueue(tls.takeOutput())
        return true
    }

    /// Writes as much as the socket takes.
    ///
    /// - Returns: whether the connection still works.
    private func write() -> Bool {
        for _ in 0..<Self.piecesInTurn {
            guard writeOutput() else { return false }
            guard output.isEmpty, encrypt() else { break }
        }
        if endsSending, !hasOutput {
            endsSending = false
            socket.endSending()
        }
        return !isBroken
    }

    private func writeOutput() -> Bool {
        if isBroken { return false }
        while let first = output.first {
            switch socket.write(first, from: written, then: output.count > 1 ? output[1] : nil) {
            case .bytes(let count):
                var left = count
                while let next = output.first, left >= next.count - written {
                    left -= next.count - written
                    written = 0
                    output.removeFirst()
                }
                written += left
                state.progressed(count, at: .now)
            case .wouldBlock: return true
            case .failed: return false
            }
        }
        return true
    }

    // MARK: - Interest

    private func updateInterest() {
        guard !isClosed, let watch else { return }
        let outlook = state.outlook()
        announce(outlook.deadline)
        var interest: EventLoop.Interest = []
        if outlook.wantsInput { interest.insert(.read) }
        if hasOutput { interest.insert(.write) }
        if !loop.events.set(interest, of: watch) { run(state.lost(as: .internalServerError, at: .now)) }
    }

    /// Tells the client that this is the end and no attacker's cut (RFC 8446, 6.1), if the socket takes that at once. Behind an answer that was cut
    /// short it would be a lie.
    private func sayEnd() {
        guard let tls, !isBroken, !hasOutput else { return }
        tls.end()
        let alert = tls.takeOutput()
        if !alert.isEmpty { _ = socket.write(alert, from: 0, then: nil) }
    }

    private func close() {
        sayEnd()
        isClosed = true
        output = []
        plain = []
        account = nil
        task = nil
        if let watch { loop.events.remove(watch) }
        watch = nil
        socket.close()
        loop.remove(self)
    }
}
