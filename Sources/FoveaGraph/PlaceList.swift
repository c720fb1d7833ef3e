/// Some of a pass's places, in order, in memory that its owner lends: a pass allocates none.
struct PlaceList {
    private let memory: UnsafeMutablePointer<Int>
    private(set) var count = 0

    /// - Parameter memory: room for as many places as are put in
    init(_ memory: UnsafeMutablePointer<Int>) {
        self.memory = memory
    }

    var all: UnsafeBufferPointer<Int> { UnsafeBufferPointer(start: memory, count: count) }

    /// Puts those of `places` in that fit, instead of what there was.
    mutating func fill(with places: Range<Int>, where fits: (Int) -> Bool) {
        count = 0
        for place in places where fits(place) { append(place) }
    }

    /// Puts those of another list in that fit, instead of what there was.
    mutating func fill(with others: PlaceList, where fits: (Int) -> Bool) {
        count = 0
        for place in others.all where fits(place) { append(place) }
    }

    /// Takes out those that do not fit.
    mutating func keep(where fits: (Int) -> Bool) { fill(with: self, where: fits) }

    private mutating func append(_ place: Int) {
        memory[count] = place
        count += 1
    }
}
