import CFoveaProcessor

/// What one tile asks for of what lies ahead: some lines in each step over the depth, or one in every second or fourth.
struct AheadRequests {
    var start: UnsafeRawPointer
    var lines: Int
    /// One less than the steps from one request to the next, a power of two; -1 asks in a segment's first step alone.
    var pause: Int

    @inline(__always)
    init(_ ahead: Ahead, depth: Int) {
        start = ahead.start
        // What is beyond a few at a time would have to wait for earlier ones, and so would the product's own loads.
        lines = max(1, min((ahead.lines &+ depth &- 1) / max(depth, 1), 8))
        pause = ahead.lines == 0 ? -1 : ahead.lines &* 4 <= depth ? 3 : ahead.lines &* 2 <= depth ? 1 : 0
    }

    /// One line a segment, of what is in cache anyway.
    @inline(__always)
    init(none address: UnsafeRawPointer) {
        (start, lines, pause) = (address, 1, -1)
    }

    /// Asks for what falls to a step over the depth; at least one line, so that there is one comparison in each step and not two.
    ///
    /// - Parameter line: the next one
    @inline(__always)
    func ask(in step: Int, from line: inout UnsafeRawPointer) {
        guard step & pause == 0 else { return }
        var left = lines
        repeat {
            fovea_prefetch(line)
            line += 64
            left &-= 1
        } while left > 0
    }
}
