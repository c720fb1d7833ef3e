/// Some slots of a `PlanRun`, in order, in memory that its owner lends: a pass allocates none.
struct SlotList {
    private let memory: UnsafeMutablePointer<Int>
    private(set) var count = 0

    /// - Parameter memory: room for as many slots as are put in
    init(_ memory: UnsafeMutablePointer<Int>) {
        self.memory = memory
    }

    var all: UnsafeBufferPointer<Int> { UnsafeBufferPointer(start: memory, count: count) }

    /// Puts those of `slots` in that fit, instead of what there was.
    mutating func fill(with slots: Range<Int>, where fits: (Int) -> Bool) {
        count = 0
        for slot in slots where fits(slot) { append(slot) }
    }

    /// Puts those of another list in that fit, instead of what there was.
    mutating func fill(with others: SlotList, where fits: (Int) -> Bool) {
        count = 0
        for slot in others.all where fits(slot) { append(slot) }
    }

    /// Takes out those that do not fit.
    mutating func keep(where fits: (Int) -> Bool) { fill(with: self, where: fits) }

    private mutating func append(_ slot: Int) {
        memory[count] = slot
        count += 1
    }
}
