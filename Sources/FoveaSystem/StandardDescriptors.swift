import Glibc

/// Standard input, output and error.
package enum StandardDescriptors {
    /// Opens `/dev/null` in the place of each that is closed: else the next file or connection that is opened would get its number, and what is printed.
    ///
    /// To be called before anything is opened.
    package static func open() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The system gives the lowest number that is free, which this is.
            _ = Glibc.open("/dev/null", O_RDWR)
        }
    }
}
