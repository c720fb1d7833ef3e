import Foundation
import FoveaSystem
import Testing

@testable import FoveaServing

/// The arithmetic of `fovea explain-eval`.
@Suite struct EvaluationTests {
    @Test func pixelsGoInTheOrderOfTheMap() {
        var generator = SplitMix64(seed: 1)
        let order = PixelOrder([0.1, 0.9, -3, 0.5], generator: &generator)
        #expect(order.pixels == [1, 3, 0, 2])
        let values: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
        let zeros = [Float](repeating: 0, count: 8)
        #expect(order.mixed(0, of: values, with: zeros) == zeros)
        #expect(order.mixed(0.5, of: values, with: zeros) == [0, 2, 0, 4, 0, 6, 0, 8], "in both channels")
        #expect(order.mixed(0.75, of: zeros, with: values) == [0, 0, 3, 0, 0, 0, 7, 0])
        #expect(order.mixed(1, of: values, with: zeros) == values)
        #expect(PixelOrder([.nan, 1, -.infinity, 2], generator: &generator).pixels.prefix(2) == [3, 1])
    }

    /// A map that is the same everywhere must not get the order of the rows.
    @Test func equalValuesGoInRandomOrder() {
        var generator = SplitMix64(seed: 3)
        let flat = [Float](repeating: 1, count: 64)
        let orders = (0..<20).map { _ in PixelOrder(flat, generator: &generator).pixels }
        #expect(Set(orders).count == 20 && orders.allSatisfy { $0.sorted() == Array(0..<64) })
        let peaks = (0..<400).map { _ in PixelOrder.peak(flat, generator: &generator) }
        #expect((0..<4).allSatisfy { quarter in (60...140).contains(peaks.count { $0 / 16 == quarter }) })
        #expect(PixelOrder.peak([0, 3, 1], generator: &generator) == 1)
        #expect((0..<3).contains(PixelOrder.peak([.nan, .nan, .nan], generator: &generator)))
        var again = SplitMix64(seed: 3)
        #expect(PixelOrder(flat, generator: &again).pixels == orders[0], "one seed, one order")
    }

    @Test func areasAreTrapezoids() {
        #expect(EvaluationTally.area([1, 1, 1]) == 1)
        #expect(EvaluationTally.area([1, 0]) == 0.5)
        #expect(EvaluationTally.area([1, 0, 0, 0, 0]) == 0.125)
        #expect(EvaluationTally.area([1]).isNaN)
    }

    @Test func estimatesHaveTheirErrors() {
        let estimate = EvaluationReport.Estimate([1, 2, 3, 4])
        // The standard deviation is √(5/3), and there are four.
        #expect(estimate.mean == 2.5 && abs(estimate.error - (5.0 / 3).squareRoot() / 2) < 1e-12)
        #expect(EvaluationReport.Estimate([1]).error.isNaN && EvaluationReport.Estimate([]).mean.isNaN)
        let pointing = EvaluationReport.Pointing(hits: 50, count: 100)
        // Wilson's interval of 50 of 100, as statistics' tables have it.
        #expect(abs(pointing.interval.low - 0.4038) < 1e-3 && abs(pointing.interval.high - 0.5962) < 1e-3)
        #expect(EvaluationReport.Pointing(hits: 0, count: 10).interval.low == 0)
        #expect(EvaluationReport.Pointing(hits: 0, count: 0).share.isNaN)
    }

    @Test func aBlurKeepsWhatIsEvenAndSpreadsWhatIsNot() {
        let even = [Float](repeating: 3, count: 2 * 8 * 6)
        #expect(Blur.gaussian(even, height: 8, width: 6).allSatisfy { abs($0 - 3) < 1e-5 })
        var point = [Float](repeating: 0, count: 16 * 16)
        point[8 * 16 + 8] = 1
        let blurred = Blur.gaussian(point, height: 16, width: 16)
        #expect(blurred.max() == blurred[8 * 16 + 8] && blurred[8 * 16 + 8] < 0.1)
        #expect(abs(blurred[8 * 16 + 10] - blurred[10 * 16 + 8]) < 1e-6)
        // Two pixels are one standard deviation.
        #expect(abs(blurred[8 * 16 + 10] / blurred[8 * 16 + 8] - 0.6065) < 0.01)
        #expect(Blur.gaussian([7], height: 1, width: 1) == [7])
    }

    /// All mixtures of all maps at once would take memory without bound.
    @Test func aMapsMixturesAreRunBeforeOthersAreMade() throws {
        let (harness, folder) = (try ServingHarness(), try TemporaryFolder())
        let file = folder.url.appending(path: "bright.png")
        try Data(try TestPictures.grey(200)).write(to: file)
        var options = ExplanationEvaluation.Options()
        options.steps = 101
        let evaluation = try ExplanationEvaluation(store: harness.server.service.store, model: "alpha", options: options)
        let before = harness.network.passes.count
        let report = try evaluation.run([.init(file: file.path(percentEncoded: false), path: "bright/1.png", label: "bright")])
        #expect(report.rows.count == 9 && report.rows.allSatisfy { $0.deletion.probabilities.count == 102 })
        let pictures = harness.network.passes.dropFirst(before).map(\.pictures)
        // What the maps need, the curves' ends, then the insides of both curves of each map.
        #expect(pictures == [4, 3] + [Int]([[Int]](repeating: [64, 36], count: 18).joined()))
    }

    @Test func mosaicsHaveTheirPicturesInTheQuarters() {
        let mosaic = Mosaic(channels: 2, height: 4, width: 6)
        let parts = (0..<4).map { quarter in (0..<48).map { Float(100 * quarter + $0 / 24) } }
        let whole = mosaic.compose(parts)
        for channel in 0..<2 {
            for pixel in 0..<24 {
                let quarter = pixel / 12 * 2 + pixel % 6 / 3
                #expect(mosaic.quarter(of: pixel) == quarter)
                #expect(whole[24 * channel + pixel] == Float(100 * quarter + channel))
            }
        }
        // Squares of 2 × 2 are averaged.
        let ramp = Mosaic(channels: 1, height: 4, width: 4).compose([[Float]](repeating: (0..<16).map(Float.init), count: 4))
        #expect(ramp.prefix(2) == [2.5, 4.5])
        // What is left over of odd sides is in no quarter.
        let odd = Mosaic(channels: 1, height: 5, width: 3)
        #expect(odd.quarter(of: 4 * 3) == nil && odd.quarter(of: 2) == nil && odd.quarter(of: 3 * 3 + 1) == 3)
        #expect(odd.compose([[Float]](repeating: [Float](repeating: 1, count: 15), count: 4)).count == 15)
    }

    @Test func boxesAreRead() throws {
        let boxes = try BoxList(csv: "path,x,y,w,h\ncat/1.png,1,2,3,4\r\ncat/1.png,10, 10, 1.5,1\n\"a,\"\"b\"\"/2.png\",0,0,1,1\n")
        #expect(
            boxes.boxes(of: "cat/1.png").count == 2 && boxes.boxes(of: "a,\"b\"/2.png").count == 1 && boxes.boxes(of: "dog/1.png").isEmpty)
        #expect(boxes.paths == ["cat/1.png", "a,\"b\"/2.png"])
        #expect(boxes.unknown(among: ["cat/1.png", "cat/2.png"]) == ["a,\"b\"/2.png"] && boxes.unknown(among: boxes.paths).isEmpty)
        let box = try #require(boxes.boxes(of: "cat/1.png").first)
        #expect(box.contains(x: 1, y: 2) && box.contains(x: 4, y: 6) && !box.contains(x: 4.1, y: 3) && !box.contains(x: 2, y: 1.9))
        for text in [
            "", "path,x,y,w,h\n", "a.png,1,2,3", "a.png,1,2,3,x", "a.png,1,2,0,4", "a.png,1,2,-3,4", "a.png,1,2,inf,4", "a.png,nan,2,1,4",
        ] {
            #expect(throws: ClassificationError.self, "\(text)") { try BoxList(csv: text) }
        }
    }
}
