/// An error whose text is all there is to say; the process exits with 1.
struct Failure: Error, CustomStringConvertible {
    let description: String
}
