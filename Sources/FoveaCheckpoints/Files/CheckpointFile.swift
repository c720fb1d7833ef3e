import FoundationEssentials
import Glibc

/// A file of weights, open for reading at any offset.
///
/// Read with `pread`, not mapped: a mapped file that shrinks kills the process by SIGBUS at the next touch, and no handler that
/// is safe in a server turns that into an error. `pread` returns a short count instead, which becomes a ``CheckpointError``. The bytes
/// stay in the page cache until a tensor is asked for and go straight into the caller's buffer, so that a model is held once.
/// The descriptor keeps the file readable when it is renamed or deleted; one that is written to in place is noticed by its
/// modification time.
final class CheckpointFile: Sendable {
    /// The last path component.
    let name: String
    /// Bytes, when the file was opened.
    let size: Int
    private let descriptor: Int32
    private let modified: Modified

    private struct Modified: Equatable {
        let seconds: Int
        let nanoseconds: Int

        init(_ status: stat) {
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    init(_ url: URL) throws(CheckpointError) {
        name = url.lastPathComponent
        // O_NONBLOCK: opening a pipe must not wait for a writer. It means nothing for the regular files that pass below.
        descriptor = url.withUnsafeFileSystemRepresentation { path in
            guard let path else { return -1 }
            return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        }
        guard descriptor >= 0 else {
            throw CheckpointError("\(quoted(name)) cannot be opened: \(String(cString: strerror(errno))).")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw CheckpointError("\(quoted(name)) is not a regular file.")
        }
        size = status.st_size
        modified = Modified(status)
    }

    deinit {
        close(descriptor)
    }

    /// Fills the buffer with the bytes from `offset` on.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, offset + done)
            if count < 0 {
                if errno == EINTR { continue }
                throw CheckpointError("\(quoted(name)) cannot be read at byte \(offset + done): \(String(cString: strerror(errno))).")
            }
            if count == 0 {
                throw CheckpointError(
                    "\(quoted(name)) ends at byte \(offset + done), though it had \(size) bytes when it was opened: it was cut while in use. "
                        + "Replace model files by renaming a complete one over them.")
            }
            done += count
        }
    }

    /// The bytes of a range as an array; for headers and directories, not for weights.
    func bytes(at offset: Int, count: Int) throws(CheckpointError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: CheckpointError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(CheckpointError) { try read(at: offset, into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Throws if the file was written to since it was opened: what was read may be half of the old and half of the new.
    func checkUnchanged() throws(CheckpointError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size == size, Modified(status) == modified else {
            throw CheckpointError(
                "\(quoted(name)) was written to while it was in use. Replace model files by renaming a complete one over them.")
        }
    }
}
