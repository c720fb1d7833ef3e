import Glibc

/// A file, a pipe or a terminal that is written to.
package final class OutputFile: Sendable {
    /// What the system says was wrong.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        /// The system's own words, such as "No space left on device".
        package let description: String
        /// Whether it is a pipe that nobody reads any more, as behind `head`.
        package let isClosedPipe: Bool

        fileprivate init(_ code: Int32) {
            description = String(cString: strerror(code))
            isClosedPipe = code == EPIPE
        }
    }

    package static let standardOutput = OutputFile(descriptor: STDOUT_FILENO)
    package static let standardError = OutputFile(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    private let isOwned: Bool

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        isOwned = false
    }

    /// Opens a file for writing, at its start; makes it where there is none.
    ///
    /// - Parameter isNew: Whether what the file holds is let go.
    package init(_ path: String, isNew: Bool) throws(Failure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (isNew ? O_TRUNC : 0), 0o666)
        isOwned = true
        guard descriptor >= 0 else { throw Failure(errno) }
    }

    deinit {
        if isOwned, descriptor >= 0 { close(descriptor) }
    }

    /// Writes all of the bytes, by one call where the system takes them at once; waits for who reads them where it does not.
    package func write(_ bytes: some Sequence<UInt8>) throws(Failure) {
        var failure: Failure?
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { failure = write($0) }
        if isContiguous == nil { Array(bytes).withUnsafeBufferPointer { failure = write($0) } }
        if let failure { throw failure }
    }

    private func write(_ buffer: UnsafeBufferPointer<UInt8>) -> Failure? {
        var done = 0
        while done < buffer.count {
            let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            if count >= 0 {
                done += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: waitForRoom()
            case let code: return Failure(code)
            }
        }
        return nil
    }

    /// Whoever started this process may have left a pipe or a terminal to it that does not block. What is wrong with it, the next write tells.
    private func waitForRoom() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
    }

    /// Cuts the file to `length` bytes, and writes on from there.
    package func continueFrom(_ length: Int) throws(Failure) {
        guard ftruncate(descriptor, length) == 0, lseek(descriptor, length, SEEK_SET) == length else { throw Failure(errno) }
    }

    /// Waits until what was written is on the disk.
    package func synchronize() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw Failure(errno) }
    }
}
