import FoveaCompute

/// The similarity of positions with their groups' means, a block of sixteen groups at a time.
struct GroupSimilarityKernel {
    private let area: Int
    private let epsilon: Double
    private let channelsPerGroup: Int
    /// Groups of the block, sixteen but for the last.
    private let groups: Int
    /// The first of the blocks of channels that belong to them, and how many there are.
    private let map: UnsafePointer<Float>
    private let blocks: Int
    /// For each of their channels the mean over all positions.
    private let means: UnsafeMutablePointer<Float>
    /// Room for sixteen positions' products of a block, and for the sums of the groups.
    private let scratch: UnsafeMutablePointer<Float>

    static func run(_ step: GroupSimilarity, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        pass.forEach(blocks: Blocked.blocks(step.groups)) { picture, block, scratch in
            let result = pass.arena(picture) + y
            let kernel = GroupSimilarityKernel(step, block, pass.read(x, picture), scratch)
            kernel.findMeans()
            let (mean, factor) = kernel.writeSimilarities(to: result + block &* step.area &* 16)
            if let ending = GateEnding(operations, pass, picture, block) {
                return ending.apply(to: result + block &* step.area &* 16, step.area, groups: kernel.groups, mean: mean, factor: factor)
            }
            var start = 0
            while start < step.area {
                // Short pieces, so that the operations find them in the first-level cache.
                let end = min(start &+ 64, step.area)
                var position = start
                while position < end {
                    let target = result + (block &* step.area &+ position) &* 16
                    store((load(target) - mean) * factor, target)
                    position &+= 1
                }
                operations.apply(pass, picture, result, blocks: block..<block &+ 1, start..<end, step.area)
                start = end
            }
        }
    }

    private init(_ step: GroupSimilarity, _ block: Int, _ x: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
        area = step.area
        epsilon = Double(step.epsilon)
        channelsPerGroup = step.channelsPerGroup
        groups = min(step.groups &- block &* 16, 16)
        let first = block &* channelsPerGroup
        map = x + first &* step.area &* 16
        blocks = min(channelsPerGroup, Blocked.blocks(step.channels) &- first)
        means = scratch
        self.scratch = scratch + blocks &* 16
    }

    private func findMeans() {
        var block = 0
        while block < blocks {
            store(PositionReductionKernel.mean(map + block &* area &* 16, area), means + block &* 16)
            block &+= 1
        }
    }

    /// Writes each position's similarity with the means, less that of the means with themselves: then their own mean is near zero, and no
    /// digits are lost when it is subtracted.
    ///
    /// - Returns: for each group, what is still to be subtracted, and by what to multiply then
    private func writeSimilarities(to y: UnsafeMutablePointer<Float>) -> (mean: Vector, factor: Vector) {
        switch channelsPerGroup {
        case 1: return each(y) { products(0, $0) }
        case 2: return each(y) { pair($0, 0, products) }
        case 3: return each(y) { threes(0, $0) }
        case 4: return each(y) { four($0, 0, products) }
        case 6: return each(y) { neighbours(threes(0, $0), threes(1, $0)) }
        case 8: return each(y) { eight($0, 0, products) }
        case 12:
            return each(y) { neighbours(neighbours(threes(0, $0), threes(1, $0)), neighbours(threes(2, $0), threes(3, $0))) }
        case let size where size % 16 == 0:
            return each(y) { position in neighbours(eight(position, 0, wholeGroup), eight(position, 8, wholeGroup)) }
        default:
            writeAnyGroups(to: y)
            return each(y) { load(y + $0 &* 16) }
        }
    }

    @inline(__always)
    private func each(_ y: UnsafeMutablePointer<Float>, _ similarity: (Int) -> Vector) -> (mean: Vector, factor: Vector) {
        var (sums, squares) = (LaneSums(), LaneSums())
        var start = 0
        while start < area {
            let end = min(start &+ LaneSums.stretch, area)
            var (sum, square) = (Vector(), Vector())
            var position = start
            while position < end {
                let value = similarity(position)
                sum += value
                square = multiplyAdd(square, value, value)
                store(value, y + position &* 16)
                position &+= 1
            }
            sums.add(sum)
            squares.add(square)
            start = end
        }
        let (count, others) = (SIMD4(repeating: Double(area)), SIMD4(repeating: Double(area &- 1)))
        let epsilon = SIMD4(repeating: epsilon)
        let factor = sums.map(with: squares) { sum, square in
            // Of a constant map, rounding may leave less than nothing.
            let variance = (square - sum * sum / count) / others
            return 1 / (variance.replacing(with: 0, where: variance .< 0).squareRoot() + epsilon)
        }
        return (sums.map { $0 / count }, factor)
    }

    // MARK: - Sums over the channels of a group

    /// The products of one block of channels.
    @inline(__always)
    private func products(_ block: Int, _ position: Int) -> Vector {
        // Behind the last block, the last is read again: there are no groups for what it gives.
        let block = min(block, blocks &- 1)
        let mean = load(means + block &* 16)
        return mean * (load(map + (block &* area &+ position) &* 16) - mean)
    }

    /// The products of one group of whole blocks, summed over the blocks.
    @inline(__always)
    private func wholeGroup(_ group: Int, _ position: Int) -> Vector {
        let size = channelsPerGroup / 16
        var sum = Vector()
        var block = group &* size
        let end = min(block &+ size, blocks)
        while block < end {
            sum += products(block, position)
            block &+= 1
        }
        return sum
    }

    /// The sums of groups of any size, of sixteen positions at a time: transposed, what they have of a channel is one vector.
    private func writeAnyGroups(to y: UnsafeMutablePointer<Float>) {
        let (rows, sums) = (scratch, scratch + Transposition.count)
        var start = 0
        while start < area {
            let count = min(16, area &- start)
            for group in 0..<16 { store(Vector(), sums + group &* 16) }
            var (group, left) = (0, channelsPerGroup)
            for block in 0..<blocks {
                // Behind the last position, it is read again, and what is made of it is dropped.
                for row in 0..<16 { store(products(block, start &+ min(row, count &- 1)), rows + row &* 16) }
                Transposition.run(rows)
                var lane = 0
                while lane < 16, group < groups {
                    store(load(sums + group &* 16) + load(rows + lane &* 16), sums + group &* 16)
                    left &-= 1
                    if left == 0 { (group, left) = (group &+ 1, channelsPerGroup) }
                    lane &+= 1
                }
            }
            Transposition.run(sums)
            for row in 0..<count { store(load(sums + row &* 16), y + (start &+ row) &* 16) }
            start &+= 16
        }
    }

    /// The products of three blocks, of every three neighbouring channels the sum.
    @inline(__always)
    private func threes(_ index: Int, _ position: Int) -> Vector {
        let block = index &* 3
        guard block < blocks else { return Vector() }
        let (a, b) = (products(block, position), products(block &+ 1, position))
        // What is of the third block is of groups that are not there where it is missing.
        let c = block &+ 2 < blocks ? products(block &+ 2, position) : nil
        return Threes.sums(a, b, c)
    }

    private typealias Leaf = (_ index: Int, _ position: Int) -> Vector

    /// The sums of neighbouring lanes of two vectors.
    @inline(__always)
    private func neighbours(_ a: Vector, _ b: Vector) -> Vector {
        Vector(lowHalf: a.evenHalf + a.oddHalf, highHalf: b.evenHalf + b.oddHalf)
    }

    @inline(__always)
    private func pair(_ position: Int, _ first: Int, _ leaf: Leaf) -> Vector {
        neighbours(leaf(first, position), leaf(first &+ 1, position))
    }

    @inline(__always)
    private func four(_ position: Int, _ first: Int, _ leaf: Leaf) -> Vector {
        neighbours(pair(position, first, leaf), pair(position, first &+ 2, leaf))
    }

    @inline(__always)
    private func eight(_ position: Int, _ first: Int, _ leaf: Leaf) -> Vector {
        neighbours(four(position, first, leaf), four(position, first &+ 4, leaf))
    }
}
