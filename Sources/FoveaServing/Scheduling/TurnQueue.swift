import DequeModule

/// A queue of several lanes, which take turns: each element that is taken is the first of the lane that has waited longest for its turn.
struct TurnQueue<Element: Sendable>: Sendable {
    private var lanes: [Int: Deque<Element>] = [:]
    /// Lanes that are not empty, the one whose turn it is first.
    private var turns: Deque<Int> = []
    /// Elements in all lanes.
    private(set) var count = 0

    mutating func append(_ element: Element, lane: Int) {
        count += 1
        if lanes[lane] == nil { turns.append(lane) }
        lanes[lane, default: []].append(element)
    }

    /// The first element of the lane whose turn it is.
    ///
    /// - Parameter mayRun: the lanes that may have their turn; the others keep theirs.
    mutating func popFirst(where mayRun: (_ lane: Int) -> Bool) -> (lane: Int, element: Element)? {
        guard let index = turns.firstIndex(where: mayRun) else { return nil }
        let lane = turns.remove(at: index)
        guard let element = lanes[lane]?.popFirst() else { return nil }
        count -= 1
        if lanes[lane]?.isEmpty ?? true { lanes[lane] = nil } else { turns.append(lane) }
        return (lane, element)
    }
}
