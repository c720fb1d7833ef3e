import FoveaSystem
import Testing

@Suite struct SplitMix64Tests {
    /// What the authors' own code gives.
    @Test func givesTheNumbersOfItsPaper() {
        var generator = SplitMix64(seed: 1_234_567)
        let found = (0..<3).map { _ in generator.next() }
        #expect(found == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }
}
