import Glibc
import Synchronization

/// The system gives a process fewer threads than it needs.
///
/// Dispatch and Swift's tasks wait for a thread for ever and say nothing of it, and so would a server: what it needs is asked for at its start.
package struct ThreadShortage: Error, CustomStringConvertible {
    let given: Int
    let needed: Int

    package var description: String {
        "The system gives this process \(given) more threads; it needs \(needed) at least. Raise what bounds them: pids.max of the container's control group, "
            + "TasksMax of the service, or ulimit -u of its user."
    }

    /// Starts so many threads, all of them at a time, and ends them again.
    ///
    /// - Throws: if the system does not give them.
    package static func check(_ needed: Int) throws(ThreadShortage) {
        let given = given(of: needed)
        if given < needed { throw ThreadShortage(given: given, needed: needed) }
    }

    /// What threads wait at until all of them are there.
    private final class Gate: Sendable {
        let mutex = Mutex(())
    }

    private static func given(of count: Int) -> Int {
        let gate = Gate()
        var threads: [pthread_t] = []
        gate.mutex.withLock { _ in
            while threads.count < count, let thread = start(waitingAt: gate) { threads.append(thread) }
        }
        for thread in threads { pthread_join(thread, nil) }
        return threads.count
    }

    private static func start(waitingAt gate: Gate) -> pthread_t? {
        let argument = Unmanaged.passRetained(gate)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Gate>.fromOpaque(argument).takeRetainedValue().mutex.withLock { _ in }
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            return nil
        }
        return thread
    }
}
