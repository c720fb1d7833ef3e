/// A layer's name, or a glob of it: `*` stands for any characters, dots too, and `?` for one.
struct LayerPattern: Sendable, Hashable {
    let text: String

    /// Whether the whole of `name` fits. Takes time in proportion to the product of both lengths at most, whatever the pattern.
    func matches(_ name: String) -> Bool {
        let pattern = Array(text.utf8)
        let name = Array(name.utf8)
        var (p, n) = (0, 0)
        // Where the last star stood, and how much of the name it covers so far. Only the last one ever needs to grow.
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let (starPattern, starName) = star {
                star = (starPattern, starName + 1)
                p = starPattern + 1
                n = starName + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
