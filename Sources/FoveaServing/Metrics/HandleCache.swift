import Synchronization

/// Metrics of one name by their labels' values, made when they are first needed: recording neither makes them again nor looks them up in the registry.
/// Callable from any thread.
final class HandleCache<Key: Hashable & Sendable, Handle: Sendable>: Sendable {
    private let make: @Sendable (Key) -> Handle
    private let handles = Mutex<[Key: Handle]>([:])

    init(_ make: @escaping @Sendable (Key) -> Handle) {
        self.make = make
    }

    /// - Parameter key: one of few: each is kept for ever.
    subscript(key: Key) -> Handle {
        handles.withLock { handles in
            if let handle = handles[key] { return handle }
            let handle = make(key)
            handles[key] = handle
            return handle
        }
    }
}
