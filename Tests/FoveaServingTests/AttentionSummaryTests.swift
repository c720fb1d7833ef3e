import Foundation
import FoveaZoo
import Testing

@testable import FoveaServing

@Suite struct AttentionSummaryTests {
    @Test func theMostAndTheLeastAreNamed() {
        let summary = AttentionSummary([0.5, 0.9, 0.1, 0.9, 0.3, 0.7, 0.2], shape: [7], isSpatial: false)
        #expect(summary.highest?.map(\.index) == [[1], [3], [5], [0], [4]], "of equal ones the first comes first")
        #expect(summary.highest?.map(\.weight) == [0.9, 0.9, 0.7, 0.5, 0.3])
        #expect(summary.lowest?.map(\.index) == [[2], [6], [4], [0], [5]])
    }

    @Test func fewAreNamedAllAndPlacesNotAtAll() {
        let kernels = AttentionSummary([0.25, 0.75], shape: [2], isSpatial: false)
        #expect(kernels.highest?.map(\.index) == [[1], [0]] && kernels.lowest?.map(\.index) == [[0], [1]])
        let branches = AttentionSummary([1, 2, 3, 4, 5, 6], shape: [2, 3], isSpatial: false)
        #expect(branches.highest?.map(\.index) == [[1, 2], [1, 1], [1, 0], [0, 2], [0, 1]])
        let places = AttentionSummary([1, 2, 3, 4], shape: [2, 2], isSpatial: true)
        #expect(places.highest == nil && places.lowest == nil && places.entropy != nil)
        let stack = AttentionSummary([1, 2, 3, 4], shape: [1, 2, 2], isSpatial: true)
        #expect(stack == AttentionSummary([9], shape: [1, 1, 1], isSpatial: true))
    }

    @Test func entropyIsBetweenNoneAndAll() throws {
        func entropy(_ values: [Float]) -> Double? { AttentionSummary.entropy(values) }
        #expect(try abs(#require(entropy([3, 3, 3, 3])) - 1) < 1e-12)
        #expect(entropy([0, 0, 5, 0]) == 0)
        // Half and half among four: log 2 / log 4.
        #expect(try abs(#require(entropy([1, 0, 1, 0])) - 0.5) < 1e-12)
        #expect(try abs(#require(entropy([-1, 0, 1, 0])) - 0.5) < 1e-12, "magnitudes count")
        let shares = [0.1, 0.2, 0.7]
        let expected = -shares.reduce(0) { $0 + $1 * log($1) } / log(3)
        #expect(try abs(#require(entropy([1, 2, 7])) - expected) < 1e-6)
        #expect(entropy([]) == nil && entropy([1]) == nil && entropy([0, 0]) == nil)
        #expect(entropy([.nan, 1]) == nil && entropy([.infinity, 1]) == nil)
        #expect(try #require(entropy([.greatestFiniteMagnitude, .leastNonzeroMagnitude])) < 1e-60)
    }

    @Test func whatIsNoNumberIsNotNamed() {
        let summary = AttentionSummary([.nan, 2, .infinity, -.infinity], shape: [4], isSpatial: false)
        #expect(summary.highest?.map(\.index) == [[2], [1], [3]] && summary.lowest?.map(\.index) == [[3], [1], [2]])
        #expect(AttentionSummary([], shape: [0], isSpatial: false).highest == [])
    }

    @Test func attentionIsLaidAgainstTheClassActivation() throws {
        func share(_ values: [Float], _ cam: [Float], _ side: Int) throws -> Double {
            try #require(AttentionSummary.shareInCAM(values, height: 4, width: 4, cam: cam, camHeight: side, camWidth: side))
        }
        let even = [Float](repeating: 0.7, count: 16)
        var corner = [Float](repeating: 0, count: 16)
        for place in [0, 1, 4, 5] { corner[place] = 2 }
        let cam: [Float] = (0..<16).map { corner[$0] * 10 - Float($0) }
        #expect(try share(even, cam, 4) == 0.25, "what looks everywhere knows nothing")
        #expect(try share(corner, cam, 4) == 1)
        #expect(try share(corner.map { 2 - $0 }, cam, 4) == 0)
        // Laid over the same picture at another size: the hottest quarter of a 2 × 2 map is its first element's.
        #expect(try share(corner, [5, 1, 1, 0], 2) == 1)
        // No class activation is greater than another one: a quarter of everything.
        #expect(try share(corner, [3], 1) == 0.25)
        // A quarter of 7 × 7 places is 12 and a quarter.
        let column = (0..<49).map { Float($0 % 7 == 0 ? 1 : 0) }
        let ramp = (0..<49).map { Float(-$0) }
        let seven = try #require(AttentionSummary.shareInCAM(column, height: 7, width: 7, cam: ramp, camHeight: 7, camWidth: 7))
        #expect(abs(seven - 2.0 / 7) < 1e-12)
        #expect(AttentionSummary.shareInCAM([0, 0], height: 1, width: 2, cam: [1], camHeight: 1, camWidth: 1) == nil)
        #expect(AttentionSummary.shareInCAM([1, 1], height: 1, width: 2, cam: [.nan], camHeight: 1, camWidth: 1) == nil)
        #expect(AttentionSummary.shareInCAM([1, 1], height: 1, width: 2, cam: [1, 2], camHeight: 1, camWidth: 1) == nil)
    }

    @Test func theAnswerTellsIt() async throws {
        let server = try ServingHarness()
        let picture = try TestPictures.grey(51)
        let answer = await server.classify("?attention=summary", body: picture)
        let maps = try #require(answer.json["attention"]?.values)
        #expect(maps[0]["highest"]?.values.map { $0["index"]?.double } == [0, 1, 2])
        #expect(maps[0]["highest"]?[0]?["weight"]?.double.map { abs($0 - 0.2) < 1e-6 } == true)
        #expect(maps[0]["lowest"]?.values.count == 3)
        #expect(maps.allSatisfy { $0["entropy"] != nil && $0["values"] == nil })
        #expect(maps[1]["entropy"]?.double == 1 && maps[2]["highest"] == nil)
        #expect(maps.allSatisfy { $0["share_in_cam"] == nil }, "no class activation was asked for")
        let explained = await server.classify("?attention=summary&explain=cam", body: picture)
        let shares = explained.json["attention"]?.values.map { $0["share_in_cam"]?.double } ?? []
        #expect(shares.count == 3 && shares[0] == nil && shares[1] == 0.25 && (0...1).contains(shares[2] ?? -1), "\(shares)")
        #expect(explained.json["explanation"]?[0]?["values"] == nil)
        let plain = await server.classify("", body: picture)
        #expect(
            plain.json["attention"]?.values.contains { $0["entropy"] != nil || $0["highest"] != nil } == false,
            "only where it was asked for")
    }
}
