import FoveaCompute

/// Between maps whose groups of channels lie in a row and maps whose groups have blocks of their own.
enum GroupAlignmentKernel {
    static func align(_ step: GroupAlignment, _ pass: Pass, _ x: Place, to y: Int) {
        run(step, pass, x, to: y, isAligning: true, then: [])
    }

    static func join(_ step: GroupAlignment, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        run(step, pass, x, to: y, isAligning: false, then: operations)
    }

    /// The work is cut along the map whose groups lie in a row, whichever of the two is read.
    @inline(__always)
    private static func run(
        _ step: GroupAlignment, _ pass: Pass, _ x: Place, to y: Int, isAligning: Bool, then operations: [MapOperation]
    ) {
        let cut = MapCut(blocks: Blocked.blocks(step.channels), rows: step.area)
        pass.forEach(blocks: cut.count) { picture, part, _ in
            let (source, target) = (pass.read(x, picture), pass.arena(picture) + y)
            cut.forEachBlock(of: part) { block, start, end in
                step.forEachRun(ofBlock: block) { run in
                    let inRow = (block &* step.area &+ start) &* 16 &+ run.lane
                    let aligned = (run.aligned.block &* step.area &+ start) &* 16 &+ run.aligned.lane
                    copy(
                        source + (isAligning ? inRow : aligned), run.count, positions: end &- start,
                        to: target + (isAligning ? aligned : inRow))
                }
                if !isAligning { operations.apply(pass, picture, target, blocks: block..<block &+ 1, start..<end, step.area) }
            }
        }
    }

    /// Copies the first `count` of 16 lanes of each position.
    @inline(__always)
    private static func copy(_ source: UnsafePointer<Float>, _ count: Int, positions: Int, to target: UnsafeMutablePointer<Float>) {
        var offset = 0
        while offset < positions &* 16 {
            var lane = 0
            while lane &+ 4 <= count {
                store(loadQuad(source + offset + lane), target + offset + lane)
                lane &+= 4
            }
            while lane < count {
                target[offset &+ lane] = source[offset &+ lane]
                lane &+= 1
            }
            offset &+= 16
        }
    }
}
