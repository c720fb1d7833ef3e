import Testing

@testable import FoveaServing

@Suite struct MapReductionTests {
    @Test(arguments: [
        (224, 224, 32, 32, 32), (32, 32, 32, 32, 32), (14, 14, 32, 14, 14), (100, 50, 32, 32, 16), (50, 100, 32, 16, 32),
        (224, 224, 0, 224, 224), (1000, 1, 10, 10, 1), (3, 1000, 10, 1, 10), (33, 31, 32, 32, 30),
    ])
    func sizeKeepsTheAspectRatio(_ height: Int, _ width: Int, _ limit: Int, _ rows: Int, _ columns: Int) {
        let size = MapReduction.size(height: height, width: width, limit: limit)
        #expect(size.height == rows && size.width == columns)
    }

    @Test func onlySpatialAxesAreReduced() {
        #expect(MapReduction.shape([18, 64, 64], isSpatial: true, limit: 16) == [18, 16, 16])
        #expect(MapReduction.shape([512], isSpatial: false, limit: 16) == [512])
        #expect(MapReduction.shape([2, 512], isSpatial: false, limit: 16) == [2, 512])
    }

    @Test func wholeFactorsAverageBlocks() {
        let values: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
        #expect(MapReduction.average(values, shape: [4, 4], to: [2, 2]) == [3.5, 5.5, 11.5, 13.5])
    }

    @Test func bordersCountByTheirShare() {
        // Three elements onto two: each output covers one and a half of them.
        let result = MapReduction.average([0, 3, 6], shape: [1, 3], to: [1, 2])
        #expect(result == [1, 5])
    }

    @Test func everyPlaneIsReducedOnItsOwn() {
        let values: [Float] = [1, 1, 1, 1, 5, 5, 5, 5]
        #expect(MapReduction.average(values, shape: [2, 2, 2], to: [2, 1, 1]) == [1, 5])
    }

    @Test func theMeanIsKept() {
        let values = (0..<(37 * 53)).map { Float(($0 * 7919) % 1000) / 1000 }
        let size = MapReduction.size(height: 37, width: 53, limit: 32)
        let result = MapReduction.average(values, shape: [37, 53], to: [size.height, size.width])
        #expect(result.count == size.height * size.width)
        let before = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        let after = result.reduce(0.0) { $0 + Double($1) } / Double(result.count)
        #expect(abs(before - after) < 1e-6)
    }

    @Test func aMapThatFitsIsUntouched() {
        let values: [Float] = [0.1, -0.2, .nan, 4]
        let result = MapReduction.average(values, shape: [2, 2], to: [2, 2])
        #expect(result[0] == 0.1 && result[2].isNaN)
    }

    @Test func summaries() {
        #expect(MapSummary([1, 2, 6]).mean == 3)
        #expect(MapSummary([1, -2, 6]).min == -2)
        #expect(MapSummary([1, -2, 6]).max == 6)
        #expect(MapSummary([1, .nan]).min.isNaN)
        #expect(MapSummary([]).mean.isNaN)
        #expect(MapSummary([.infinity, 1]).max == .infinity)
    }
}
