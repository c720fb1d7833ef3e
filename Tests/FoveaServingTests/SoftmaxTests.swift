import Testing

@testable import FoveaServing

@Suite struct SoftmaxTests {
    @Test func theBestComeFirstAndTiesByIndex() {
        let predictions = Softmax.predictions([1, 3, 3, 0], labels: ["a", "b", "c", "d"], topK: 3)
        #expect(predictions.map(\.index) == [1, 2, 0])
        #expect(predictions.map(\.label) == ["b", "c", "a"])
        #expect(predictions.map(\.logit) == [3, 3, 1])
    }

    @Test func probabilitiesSumToOneWhateverTheLogits() {
        let predictions = Softmax.predictions([1e30, 1e30, -1e30], labels: ["a", "b", "c"], topK: 10)
        #expect(predictions.map(\.probability) == [0.5, 0.5, 0])
        let small = Softmax.predictions([-1000, -1001], labels: ["a", "b"], topK: 10)
        #expect(abs(small[0].probability - 0.731_058_578_630_004_9) < 1e-15)
        #expect(abs(small.reduce(0) { $0 + $1.probability } - 1) < 1e-15)
    }

    @Test func theBestOfManyAreTheFirstOfTheOrder() {
        var random = SystemRandomNumberGenerator()
        for size in [1, 2, 5, 6, 16, 17, 40, 1000] {
            // Few values, so that many are equal.
            let values = (0..<size).map { _ in Float(Int.random(in: -3...3, using: &random)) }
            for count in [0, 1, 5, 15, 16, 17, 1000, Int.max] {
                #expect(Softmax.best(values, count) == Array(Softmax.order(values).prefix(count)), "\(count) of \(values)")
            }
        }
        #expect(Softmax.best([], 5).isEmpty)
    }

    @Test func aClassWithoutALabelIsItsIndex() {
        #expect(Softmax.predictions([0, 1], labels: [], topK: 1).first?.label == "1")
    }
}
