/// A path such as `/models/{name}/versions/{version}`, in which `{…}` stands for any one segment that is not empty.
struct RoutePattern: Sendable {
    enum Segment: Sendable, Equatable {
        case literal(String)
        case parameter(String)
    }

    let text: String
    let segments: [Segment]

    /// - Precondition: the pattern starts with `/` (it is written by a programmer, never by a client).
    init(_ text: String) {
        precondition(text.hasPrefix("/"), "A route's pattern starts with '/': \(text)")
        self.text = text
        segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    /// How many segments are literal: of two patterns that fit, the one with more of them wins.
    var literals: Int {
        segments.count { if case .literal = $0 { true } else { false } }
    }

    /// The parameters' values when the decoded segments fit, else `nil`.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .literal(let text):
                guard text == part else { return nil }
            case .parameter(let name):
                guard !part.isEmpty else { return nil }
                parameters[name] = part
            }
        }
        return parameters
    }
}
