import FoundationEssentials
import FoveaGraph
import FoveaHTTP
import FoveaMetrics
import FoveaSystem
import Logging

/// Classifies encoded pictures: decodes them, queues them, runs them, and puts the answers together. Knows nothing of HTTP's messages.
public final class ClassificationService: Sendable {
    /// The bounds of a service.
    public struct Options: Sendable {
        /// Threads for passes; as many decode pictures.
        public var threads: Int
        /// The most pictures of one pass.
        public var maxBatch = 8
        /// How long a picture may wait for others to share its pass with; zero never waits.
        public var batchWindow: Duration = .zero
        /// The most pictures of a model that wait or are being decoded.
        public var maxQueue = 256
        /// How long after its arrival a picture may begin its pass; `nil` for ever.
        public var deadline: Duration? = .seconds(30)
        /// A worker that is in one pass for longer is stuck: the process is not well.
        public var stuckAfter: Duration = .seconds(120)
        /// The most drawings of one request.
        public var maxDrawings = 32
        /// The most bytes that the drawings of all answers together may take until they are sent.
        public var maxDrawingBytes = 256 << 20
        /// The most bytes that the maps of all pictures together may take, from their request to its answer.
        public var maxMapBytes = 512 << 20

        /// The defaults for so many threads.
        public init(threads: Int) {
            self.threads = threads
        }
    }

    /// The models.
    public let store: ModelStore
    /// The bounds.
    public let options: Options
    let workers: WorkerPool
    let metrics: ServingMetrics
    private let decoders: BlockingPool
    let drawingBudget: ByteBudget
    private let mapBudget: ByteBudget

    /// Starts the threads.
    /// - Parameter registry: where it records what it does; no other service's.
    public init(
        store: ModelStore, options: Options, registry: PrometheusRegistry = PrometheusRegistry(),
        logger: Logger = Logger(label: "fovea.serving")
    ) {
        self.store = store
        self.options = options
        workers = WorkerPool(
            limits: Scheduler.Limits(
                threads: options.threads, maxBatch: options.maxBatch, maxQueue: options.maxQueue, batchWindow: options.batchWindow),
            logger: logger)
        metrics = ServingMetrics(registry, workers: workers, threads: options.threads, store: store)
        // Two at least, so that one model's large pictures, or one long body, leave a thread to the others.
        decoders = BlockingPool(threads: max(2, options.threads), name: "fovea-decoder")
        drawingBudget = ByteBudget(limit: options.maxDrawingBytes)
        mapBudget = ByteBudget(limit: options.maxMapBytes)
    }

    /// Why a picture for this model would be refused now, before anything of it is read; `nil` where it would not, or where the model is not known.
    func overload(_ model: String?, version: String?) -> (error: ClassificationError, served: ServedModel)? {
        guard let served = try? store.served(model, version: version), let error = workers.refusal(lane: served.lane) else { return nil }
        metrics.rejected(error, model: served.name)
        return (error, served)
    }

    /// Has a thread that may be kept busy do what a long body or a long answer takes. Swift's own threads, of which there are as many as processors, would
    /// have nothing else to run for as long.
    ///
    /// - Parameters:
    ///   - isLong: whether it takes long; what does not is done at once, since two changes of threads would cost more.
    ///   - client: who waits for it; when that one has left, the thread has better things to do.
    ///   - abandoned: what is thrown then.
    func compute<Value: Sendable, Failure: Error>(
        isLong: Bool, for client: ClientConnection?, orThrow abandoned: Failure, _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard isLong else { return try body() }
        let result = await decoders.run(lane: Self.texts) { () -> Result<Value, Failure> in
            do throws(Failure) {
                guard client?.isConnected ?? true else { throw abandoned }
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// As `compute`, for who does not wait.
    func compute(_ body: @escaping @Sendable () -> Void) {
        decoders.submit(lane: Self.texts, body)
    }

    /// So many bytes of a body are read in a fraction of a millisecond.
    static let longBody = 65_536

    /// So many numbers are written in half a millisecond.
    static let longAnswer = 16_384

    /// The turn that long bodies and answers have among the models' pictures, whose lanes are numbered from 1.
    private static let texts = 0

    /// Has the maps that a request's passes will hand out counted until it is answered, and what is written of them: maps may wait to be written, each as large
    /// as its layers make it, and what is written waits for the last of the pictures.
    ///
    /// - Throws: `mapsFull` where there is no room for them.
    func holdMaps(_ request: ResolvedRequest, pictures: Int, for client: ClientConnection?) throws(ClassificationError) {
        // What is made of a picture's maps is written before many others are there.
        let passes = min(pictures, max(1, options.maxQueue / 2))
        let maps = passes * request.passNumbers * MemoryLayout<Float>.stride
        try hold(bytes: maps + pictures * request.textBytes, of: request.served, for: client)
    }

    /// Likewise so many bytes of maps and of what is written of them.
    func hold(bytes: Int, of served: ServedModel, for client: ClientConnection?) throws(ClassificationError) {
        guard bytes > Self.fewMapBytes, let client else { return }
        guard let taken = mapBudget.reserveEvenAlone(bytes, isLarge: bytes > Self.manyMapBytes) else {
            metrics.rejected(.mapsFull, model: served.name)
            throw .mapsFull
        }
        client.hold(taken, of: mapBudget)
    }

    /// Maps of one picture, whole, rarely take more.
    private static let manyMapBytes = 16 << 20

    /// What takes no more is not worth counting: the queue bounds how often it is there.
    private static let fewMapBytes = 65_536

    /// Classifies one picture.
    ///
    /// - Parameters:
    ///   - received: when it came; deadline and total time count from there.
    ///   - client: where the answer goes; when it leaves, the picture is dropped.
    public func classify(
        _ picture: [UInt8], parameters: ClassifyParameters = ClassifyParameters(), received: Instant = .now,
        client: ClientConnection? = nil
    ) async throws(ClassificationError) -> Classification {
        let request = try ResolvedRequest(parameters, store: store)
        try request.checkDrawings(pictures: 1, limit: options.maxDrawings)
        try request.checkNumbers(pictures: 1)
        try holdMaps(request, pictures: 1, for: client)
        try reserve(request.served)
        let pass = await countedPass(
            .picture(picture), through: request.served, contents: request.contents, received: received, client: client)
        return try await answer(request, try pass.get(), received: received, client: client)
    }

    /// Classifies several pictures of one request; the results are in the order of the pictures.
    ///
    /// - Parameter body: makes of each answer what is kept of it, as soon as it is there.
    /// - Throws: what is wrong with the whole request: its parameters, the queue or the memory for drawings is full, or its client left.
    func classify<Kept: Sendable>(
        _ pictures: [[UInt8]], parameters: ClassifyParameters, received: Instant, client: ClientConnection?,
        keep body: @escaping @Sendable (Result<Classification, ClassificationError>) async throws(ClassificationError) -> Kept
    ) async throws(ClassificationError) -> [Kept] {
        let request = try ResolvedRequest(parameters, store: store)
        try request.checkDrawings(pictures: pictures.count, limit: options.maxDrawings)
        try request.checkNumbers(pictures: pictures.count)
        try holdMaps(request, pictures: pictures.count, for: client)
        return try await passes(
            over: pictures.map(NetworkInput.picture), through: request.served, contents: request.contents, received: received,
            client: client
        ) { result throws(ClassificationError) in
            let answer: Classification
            do throws(ClassificationError) {
                answer = try await self.answer(request, try result.get(), received: received, client: client)
            } catch {
                if error.endsRequest { throw error }
                return try await body(.failure(error))
            }
            return try await body(.success(answer))
        }
    }

    /// Puts the answer together and draws what was asked for, on a thread that may be kept busy where that takes long.
    private func answer(
        _ request: ResolvedRequest, _ pass: PicturePass, received: Instant, client: ClientConnection?
    ) async throws(ClassificationError) -> Classification {
        guard request.drawingsPerPicture > 0 else {
            return try await compute(
                isLong: request.passNumbers > Self.longAnswer, for: client, orThrow: ClassificationError.abandoned
            ) { () throws(ClassificationError) in request.classification(pass, received: received) }
        }
        let lease = DrawingLease(drawingBudget)
        let drawn = await decoders.run(lane: request.served.lane) { () -> Result<Classification, ClassificationError> in
            var answer: Classification
            do throws(ClassificationError) {
                guard client?.isConnected ?? true else { throw .abandoned }
                answer = request.classification(pass, received: received)
                let canvas = try request.served.network.canvas(of: pass.prepared.encoded)
                try request.draw(pass, over: canvas, into: &answer) { drawing throws(ClassificationError) in
                    guard client?.isConnected ?? true else { throw .abandoned }
                    return try lease.encode(drawing)
                }
            } catch {
                return .failure(error)
            }
            answer.drawings = lease
            answer.timing.total = received.duration(to: .now)
            return .success(answer)
        }
        if case .failure(let error) = drawn { metrics.rejected(error, model: request.served.name) }
        return try drawn.get()
    }

    /// Runs every input of one request through a model; what is kept of the passes is in the order of the inputs.
    ///
    /// - Parameters:
    ///   - contents: what each pass hands out.
    ///   - body: makes of each pass what is kept of it, as soon as it is there; what it throws ends the request as a whole.
    /// - Throws: what ended the request.
    func passes<Kept: Sendable>(
        over inputs: [NetworkInput], through served: ServedModel, contents: PassContents, received: Instant, client: ClientConnection?,
        keep body: @escaping @Sendable (Result<PicturePass, ClassificationError>) async throws(ClassificationError) -> Kept
    ) async throws(ClassificationError) -> [Kept] {
        typealias Finished = (index: Int, kept: Kept?, failure: ClassificationError?)
        let result = await withTaskGroup(of: Finished.self) { group -> Result<[Kept], ClassificationError> in
            var kept = [Kept?](repeating: nil, count: inputs.count)
            var running = 0
            var failure: ClassificationError?
            func take(_ finished: Finished?) {
                guard let finished else { return }
                running -= 1
                kept[finished.index] = finished.kept
                failure = failure ?? finished.failure
            }
            for (index, input) in inputs.enumerated() {
                // One request must not fill the queue, nor be refused because its own pictures do.
                while running >= max(1, options.maxQueue / 2) { take(await group.next()) }
                while failure == nil {
                    do throws(ClassificationError) {
                        try workers.reserve(lane: served.lane)
                        break
                    } catch {
                        guard running == 0 else {
                            take(await group.next())
                            continue
                        }
                        metrics.rejected(error, model: served.name)
                        failure = error
                    }
                }
                if failure != nil { break }
                running += 1
                group.addTask {
                    let pass = await self.countedPass(input, through: served, contents: contents, received: received, client: client)
                    do throws(ClassificationError) {
                        if case .failure(.abandoned) = pass { throw .abandoned }
                        return (index, try await body(pass), nil)
                    } catch {
                        return (index, nil, error)
                    }
                }
            }
            while running > 0 { take(await group.next()) }
            if let failure { return .failure(failure) }
            return .success(kept.compactMap { $0 })
        }
        return try result.get()
    }

    /// Runs one input through a model whose place was reserved.
    private func countedPass(
        _ input: NetworkInput, through served: ServedModel, contents: PassContents, received: Instant,
        client: ClientConnection?
    ) async -> Result<PicturePass, ClassificationError> {
        let attendance = Attendance(client: client)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(
                    input, through: served, contents: contents, received: received, attendance: attendance,
                    to: PassReceiver { continuation.resume(returning: $0) })
            }
        } onCancel: {
            attendance.cancel()
        }
    }

    /// Has one input run through a model, where there is a place for it.
    ///
    /// - Parameter receiver: gets the pass, or what was wrong.
    /// - Throws: `queueFull`; then the receiver gets nothing.
    func pass(
        _ input: NetworkInput, through served: ServedModel, contents: PassContents, received: Instant,
        client: ClientConnection?, to receiver: PassReceiver
    ) throws(ClassificationError) {
        try reserve(served)
        submit(input, through: served, contents: contents, received: received, attendance: Attendance(client: client), to: receiver)
    }

    private func reserve(_ served: ServedModel) throws(ClassificationError) {
        do throws(ClassificationError) {
            try workers.reserve(lane: served.lane)
        } catch {
            metrics.rejected(error, model: served.name)
            throw error
        }
    }

    /// A small picture waits as it is and is decoded by the worker that takes it; a large one is decoded first, so that it holds up no pass.
    private func submit(
        _ input: NetworkInput, through served: ServedModel, contents: PassContents, received: Instant,
        attendance: Attendance, to receiver: PassReceiver
    ) {
        let (take, settle) = (receiver.take, receiver.settle)
        let counted = PassReceiver(
            take: { [metrics] result in
                let result = result.flatMap { pass in
                    pass.output.logits.allSatisfy(\.isFinite) ? .success(pass) : .failure(ClassificationError.notFinite)
                }
                switch result {
                case .success(let pass): metrics.passed(pass, model: served.name)
                case .failure(let error): metrics.rejected(error, model: served.name)
                }
                take(result)
            }, settle: settle)
        let deadline = received.advanced(by: options.deadline ?? .seconds(1_000_000_000))
        let work = Work(lane: served.lane, network: served.network, input: input, contents: contents, deadline: deadline)
        if input.isQuick { return workers.submit(work, attendance: attendance, to: counted) }
        let asked = Instant.now
        decoders.submit(lane: served.lane) { [work, workers] in
            do throws(ClassificationError) {
                guard attendance.isAwaited else { throw .abandoned }
                guard deadline > .now else { throw .deadlinePassed }
                let waited = asked.duration(to: .now)
                var prepared = try input.prepared(for: served.network)
                prepared.waited = waited
                var work = work
                work.input = .prepared(prepared)
                workers.submit(work, attendance: attendance, to: counted)
            } catch {
                workers.release(lane: served.lane)
                counted.finish(.failure(error))
            }
        }
    }
}
