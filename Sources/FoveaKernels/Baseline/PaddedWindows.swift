import FoveaCompute

/// The windows of a map that has its padding around it: each lies where the map has it, and nothing is gathered.
struct PaddedWindows {
    private let step: ProductConvolution
    /// For each segment, how far behind a window's start it lies.
    private let places: UnsafePointer<Int32>

    /// - Parameter scratch: room for `step.segmentCount` places
    init(_ step: ProductConvolution, _ scratch: UnsafeMutablePointer<Float>) {
        self.step = step
        let (window, padded) = (step.geometry.window, step.padded)
        let places = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int32.self)
        var segment = 0
        for block in 0..<Blocked.blocks(step.geometry.inputsPerGroup) {
            for ky in 0..<window.kernel.height {
                for kx in 0..<window.kernel.width {
                    let line = block &* padded.height &+ ky &* window.dilation.height
                    places[segment] = Int32(truncatingIfNeeded: (line &* padded.width &+ kx &* window.dilation.width) &* 16)
                    segment &+= 1
                }
            }
        }
        self.places = UnsafePointer(places)
    }

    /// Multiplies a chunk of the windows of some lines of outputs by a panel's weights.
    ///
    /// - Parameter map: what `layOut` wrote, [block of channels, line, column, 16], from a group's first block on
    /// - Parameter target: that of the first line
    func multiply(
        _ map: UnsafePointer<Float>, _ chunk: Chunk, _ lines: Range<Int>, _ panel: UnsafeRawPointer, width: Int, _ target: TileTarget
    ) {
        let (window, lineCount) = (step.geometry.window, step.padded.width &* 16)
        var target = target
        for line in lines {
            let rows = MapRows(
                start: map + line &* window.stride.height &* lineCount, places: places + chunk.segment, segments: chunk.segments,
                length: chunk.length)
            Tile<Float32Weights>.multiply(window.output.width, rows, panel, width: width, target)
            target.start += window.output.width &* 16
        }
    }

    /// Copies a picture's map with zeros around it.
    static func layOut(_ step: ProductConvolution, _ pass: Pass, _ x: Place, to shared: Int) {
        let (window, padded) = (step.geometry.window, step.padded)
        let blocks = step.geometry.groups &* Blocked.blocks(step.geometry.inputsPerGroup)
        pass.forEach(blocks: blocks) { picture, block, _ in
            let source = pass.read(x, picture) + block &* window.input.area &* 16
            var target = pass.arena(picture) + shared + block &* padded.area &* 16
            for line in 0..<padded.height {
                let row = line &- window.padding.height
                let isInside = row >= 0 && row < window.input.height
                for column in 0..<padded.width {
                    let place = column &- window.padding.width
                    let isMap = isInside && place >= 0 && place < window.input.width
                    store(isMap ? load(source + (row &* window.input.width &+ place) &* 16) : Vector(), target)
                    target += 16
                }
            }
        }
    }
}
