import Testing

@testable import FoveaVision

@Suite struct OverlayTests {
    /// A picture with one bright disc, of which is known where it is.
    private struct Scene {
        var width, height: Int
        var x, y: Double
        let radius: Double

        init(width: Int, height: Int, x: Double, y: Double) {
            (self.width, self.height) = (width, height)
            (self.x, self.y) = (x * Double(width), y * Double(height))
            radius = 0.09 * Double(min(width, height))
        }

        var picture: Picture {
            let pixels = (0..<height).flatMap { row in
                (0..<width).map { column -> UInt8 in
                    let (dx, dy) = (Double(column) + 0.5 - x, Double(row) + 0.5 - y)
                    return dx * dx + dy * dy <= max(radius * radius, 0.6) ? 255 : 20
                }
            }
            return Picture(unchecked: width, height, 1, pixels)
        }

        /// A PNG file whose pixels are stored so that an orientation turns them upright.
        func file(orientation: Int) throws -> [UInt8] {
            // 6 and 8 undo each other; the others undo themselves.
            let inverse = [6: 8, 8: 6][orientation] ?? orientation
            let plain = try PNGEncoder.encode(picture.transposed(orientation: inverse))
            let exif: [UInt8] = [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
            let named = Array("eXIf".utf8) + exif
            func four(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
            // Behind the signature and IHDR.
            return Array(plain[..<33]) + four(exif.count) + named + four(Int(CRC32.of(named[...]))) + Array(plain[33...])
        }
    }

    /// A map that looks at what is bright: the mean of the input's first channel over each cell.
    private func attention(_ prepared: PreparedPicture, input: (height: Int, width: Int), map: (height: Int, width: Int)) -> [Float] {
        (0..<map.height).flatMap { row in
            (0..<map.width).map { column in
                let rows = row * input.height / map.height..<(row + 1) * input.height / map.height
                let columns = column * input.width / map.width..<(column + 1) * input.width / map.width
                let sum = rows.reduce(Float(0)) { sum, y in columns.reduce(sum) { $0 + prepared.values[y * input.width + $1] } }
                return sum / Float(rows.count * columns.count)
            }
        }
    }

    /// The map's share of the drawing, from 0 to 255, where the picture below is known; NaN where nothing was drawn.
    private func heat(_ drawing: Picture, over canvas: Picture) -> [Int] {
        (0..<drawing.width * drawing.height).map { 2 * Int(drawing.pixels[3 * $0]) - Int(canvas.pixels[3 * $0]) }
    }

    /// The centre of gravity of what is at least nearly as hot as the hottest.
    private func peak(_ heat: [Int], width: Int) -> (x: Double, y: Double) {
        let greatest = heat.max() ?? 0
        let hot = heat.indices.filter { heat[$0] >= greatest - 8 }
        let x = hot.reduce(0.0) { $0 + Double($1 % width) + 0.5 } / Double(hot.count)
        let y = hot.reduce(0.0) { $0 + Double($1 / width) + 0.5 } / Double(hot.count)
        return (x, y)
    }

    private static let scenes = [
        Scene(width: 60, height: 60, x: 0.3, y: 0.6), Scene(width: 96, height: 54, x: 0.62, y: 0.35),
        Scene(width: 54, height: 96, x: 0.4, y: 0.66),
        Scene(width: 120, height: 40, x: 0.55, y: 0.4), Scene(width: 30, height: 45, x: 0.5, y: 0.6),
    ]

    @Test(arguments: CropMode.allCases, 1...8) func `a map's peak lies on what it looks at`(_ mode: CropMode, _ orientation: Int) throws {
        // Inputs that are square, and not; a crop that cuts, that keeps all, and that needs a margin. Margins are black: there is nothing to look at.
        for (height, width, fraction) in [(48, 48, 0.875), (32, 64, 1.0), (40, 30, 1.0), (48, 48, 1.3)] {
            let preprocessor = try Preprocessor(
                height: height, width: width, cropFraction: fraction, cropMode: mode, mean: [0, 0, 0], std: [1, 1, 1])
            for scene in Self.scenes {
                let decoded = try preprocessor.decode(try scene.file(orientation: orientation))
                #expect(decoded.upright == scene.picture, "the file is stored as it should be")
                let prepared = preprocessor.prepare(decoded)
                let crop = prepared.crop
                let label = "\(scene.width)×\(scene.height) to \(width)×\(height) at \(fraction)"
                // What the network cannot see it cannot look at.
                guard scene.x - scene.radius > crop.x, scene.x + scene.radius < crop.x + crop.width, scene.y - scene.radius > crop.y,
                    scene.y + scene.radius < crop.y + crop.height
                else { continue }
                let map = (height: height / 4, width: width / 4)
                let values = attention(prepared, input: (height, width), map: map)
                let canvas = Overlay.canvas(for: decoded.upright)
                let overlay = Overlay(canvas: canvas, crop: crop, width: prepared.width, height: prepared.height)
                let drawing = overlay.drawing(of: values, height: map.height, width: map.width, colormap: .gray)
                #expect(drawing.width == scene.width && drawing.height == scene.height && drawing.channels == 3)
                // Outside the crop there is no heat; the picture's own brightness is known there, so mask it by the crop.
                let heat = heat(drawing, over: overlay.canvas).enumerated().map { index, value in
                    let (x, y) = (Double(index % scene.width) + 0.5, Double(index / scene.width) + 0.5)
                    return x >= crop.x && x < crop.x + crop.width && y >= crop.y && y < crop.y + crop.height ? value : -255
                }
                let found = peak(heat, width: scene.width)
                // Half a cell of the map is as exact as it can be.
                let (cellX, cellY) = (crop.width / Double(map.width), crop.height / Double(map.height))
                #expect(abs(found.x - scene.x) <= 0.5 * cellX + 1, "\(label): \(found) for \(scene.x), \(scene.y)")
                #expect(abs(found.y - scene.y) <= 0.5 * cellY + 1, "\(label): \(found) for \(scene.x), \(scene.y)")
            }
        }
    }

    @Test func `at least most scenes are seen`() throws {
        for mode in CropMode.allCases {
            let preprocessor = try Preprocessor(height: 48, width: 48, cropMode: mode)
            let seen = try Self.scenes.count { scene in
                let crop = preprocessor.prepare(try preprocessor.decode(try scene.file(orientation: 1))).crop
                return scene.x > crop.x && scene.x < crop.x + crop.width && scene.y > crop.y && scene.y < crop.y + crop.height
            }
            #expect(seen >= 4, "\(mode)")
        }
    }

    private func flat(_ width: Int, _ height: Int, _ color: [UInt8] = [200, 100, 50]) -> Picture {
        Picture(unchecked: width, height, 3, (0..<width * height).flatMap { _ in color })
    }

    private func pixel(_ picture: Picture, _ x: Int, _ y: Int) -> [Int] {
        (0..<3).map { Int(picture.pixels[3 * (y * picture.width + x) + $0]) }
    }

    @Test func `every pixel is the mean of brightness and colour, or grey`() {
        let overlay = Overlay(canvas: flat(8, 4), crop: CropRectangle(x: 2, y: 0, width: 4, height: 4), width: 8, height: 4)
        let drawing = overlay.drawing(of: [0, 1, 0, 1], height: 2, width: 2, colormap: .viridis)
        let brightness = (77 * 200 + 150 * 100 + 29 * 50) >> 8
        // Beyond the outermost centres the outermost element holds.
        #expect(pixel(drawing, 2, 0) == [68, 1, 84].map { (brightness + $0 + 1) / 2 })
        #expect(pixel(drawing, 5, 3) == [253, 231, 37].map { (brightness + $0 + 1) / 2 })
        for x in [0, 1, 6, 7] {
            let grey = (brightness + 160) / 2
            #expect(pixel(drawing, x, 1) == [grey, grey, grey])
        }
    }

    @Test func `between centres values run straight`() {
        let black = flat(16, 1, [0, 0, 0])
        let overlay = Overlay(canvas: black, crop: CropRectangle(x: 0, y: 0, width: 16, height: 1), width: 16, height: 1)
        let drawing = overlay.drawing(of: [-3, 5], height: 1, width: 2, colormap: .gray)
        // The centres are at 4 and at 12; pixel centres at halves.
        let expected = (0..<16).map { index -> Double in min(max((Double(index) + 0.5 - 4) / 8, 0), 1) * 255 }
        for x in 0..<16 { #expect(abs(2 * Double(pixel(drawing, x, 0)[0]) - expected[x]) <= 2, "\(x)") }
    }

    @Test func `a map finer than the picture is averaged, and its peak not lost`() {
        var values = [Float](repeating: 0, count: 64 * 64)
        let overlay = Overlay(canvas: flat(4, 4, [0, 0, 0]), crop: CropRectangle(x: 0, y: 0, width: 4, height: 4), width: 4, height: 4)
        for row in 36..<48 { for column in 2..<16 { values[row * 64 + column] = 1 } }
        let drawing = overlay.drawing(of: values, height: 64, width: 64, colormap: .gray)
        let heat = heat(drawing, over: overlay.canvas)
        #expect(heat.firstIndex(of: heat.max() ?? 0) == 2 * 4 + 0)
    }

    @Test func `maps of one value, of none and of what is no number are drawn`() {
        let overlay = Overlay(canvas: flat(4, 4), crop: CropRectangle(x: 0, y: 0, width: 4, height: 4), width: 4, height: 4)
        let constant = overlay.drawing(of: [7, 7, 7, 7], height: 2, width: 2, colormap: .gray)
        #expect(constant.pixels.allSatisfy { $0 == (124 + 128 + 1) / 2 })
        let grey = overlay.drawing(of: [.nan, .infinity, -.infinity, .nan], height: 2, width: 2, colormap: .jet)
        #expect(pixel(grey, 0, 0)[0] == pixel(grey, 0, 0)[1])
        // The finite ones span the colours, whatever their size.
        let mixed = overlay.drawing(
            of: [-.greatestFiniteMagnitude, .nan, .greatestFiniteMagnitude, .greatestFiniteMagnitude], height: 4, width: 1, colormap: .gray)
        #expect(pixel(mixed, 0, 3) == [Int](repeating: (124 + 255 + 1) / 2, count: 3))
        for (values, height, width) in [([Float](), 0, 0), ([1], 2, 2), ([1, 2], 0, 2), ([1], -1, -1)] {
            #expect(overlay.drawing(of: values, height: height, width: width, colormap: .gray).width == 4)
        }
    }

    @Test func `crops that no picture has do no harm`() {
        let rectangles = [
            CropRectangle(x: .nan, y: .infinity, width: -.infinity, height: .nan),
            CropRectangle(x: 1e300, y: -1e300, width: 1e300, height: 1e300),
            CropRectangle(x: 0, y: 0, width: 0, height: 0), CropRectangle(x: 2.2, y: 2.2, width: 0.1, height: 1e-300),
            CropRectangle(x: -5, y: -5, width: -1, height: -1), CropRectangle(x: -100, y: -100, width: 1000, height: 1000),
        ]
        for crop in rectangles {
            let drawing = Overlay(canvas: flat(5, 5), crop: crop, width: 5, height: 5).drawing(
                of: [1, 2, 3, 4], height: 2, width: 2, colormap: .viridis)
            #expect(drawing.pixels.count == 75)
        }
    }

    @Test(arguments: [
        (1, 1, 1, 1), (1024, 3, 1024, 3), (1025, 2, 1024, 2), (3, 5000, 1, 1024), (20_000, 1, 1024, 1), (1500, 1000, 1024, 683),
    ]) func `canvases have the picture's size up to 1024`(_ width: Int, _ height: Int, _ expectedWidth: Int, _ expectedHeight: Int) {
        let canvas = Overlay.canvas(for: Picture(unchecked: width, height, 1, [UInt8](repeating: 9, count: width * height)))
        #expect(canvas.width == expectedWidth && canvas.height == expectedHeight)
        let overlay = Overlay(
            canvas: canvas, crop: CropRectangle(x: Double(width) / 4, y: 0, width: Double(width) / 2, height: Double(height)), width: width,
            height: height)
        let drawing = overlay.drawing(of: [0, 1], height: 1, width: 2, colormap: .gray)
        #expect(drawing.width == expectedWidth && drawing.height == expectedHeight)
        guard expectedWidth >= 1024 else { return }
        // The middle half is drawn on, the quarters beside it are grey.
        let grey = (9 + 160) / 2
        #expect(pixel(drawing, expectedWidth / 4 - 1, 0)[0] == grey && pixel(drawing, 3 * expectedWidth / 4, 0)[0] == grey)
        #expect(pixel(drawing, expectedWidth / 4, 0)[0] == 5 && pixel(drawing, 3 * expectedWidth / 4 - 1, 0)[0] == 132)
    }

    @Test func `maps are resized by their cells' centres`() {
        #expect(MapResize.resized([1, 2, 3, 4], height: 2, width: 2, toHeight: 2, toWidth: 2) == [1, 2, 3, 4])
        #expect(MapResize.resized([5], height: 1, width: 1, toHeight: 2, toWidth: 3) == [Float](repeating: 5, count: 6))
        // As Pillow's and PyTorch's bilinear interpolation without aligned corners.
        #expect(MapResize.resized([0, 4], height: 1, width: 2, toHeight: 1, toWidth: 4) == [0, 1, 3, 4])
        let small = MapResize.resized((0..<16).map(Float.init), height: 4, width: 4, toHeight: 2, toWidth: 2)
        #expect(small.count == 4 && abs(small.reduce(0, +) / 4 - 7.5) < 1e-5 && small == small.sorted())
        #expect(MapResize.resized([1], height: 2, width: 2, toHeight: 1, toWidth: 1).isEmpty)
        #expect(MapResize.resized([], height: 0, width: 0, toHeight: 1, toWidth: 1).isEmpty)
    }

    @Test func `the picture is still to be seen`() {
        // A step in the picture below a constant map stays a step of half its height.
        let pixels = (0..<8).flatMap { x in [UInt8](repeating: x < 4 ? 40 : 200, count: 3) }
        let overlay = Overlay(
            canvas: Picture(unchecked: 8, 1, 3, pixels), crop: CropRectangle(x: 0, y: 0, width: 8, height: 1), width: 8, height: 1)
        for colormap in Colormap.allCases {
            let drawing = overlay.drawing(of: [1], height: 1, width: 1, colormap: colormap)
            for channel in 0..<3 { #expect(pixel(drawing, 4, 0)[channel] - pixel(drawing, 3, 0)[channel] == 80) }
        }
    }
}
