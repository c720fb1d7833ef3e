import Foundation
import Testing

@testable import FoveaServing

@Suite struct JSONWriterTests {
    func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func structure() {
        let json = text { writer in
            writer.object { writer in
                writer.key("a")
                writer.value(1)
                writer.key("b")
                writer.array { writer in
                    writer.value("x")
                    writer.value(true)
                    writer.object { _ in }
                    writer.array { _ in }
                    writer.value([1, 2])
                    writer.raw(Array("null".utf8))
                }
                writer.key("c")
                writer.value([Float(0.5), 2])
            }
        }
        #expect(json == #"{"a":1,"b":["x",true,{},[],[1,2],null],"c":[0.5,2.0]}"#)
    }

    @Test func rowsAreWrittenAsOneArray() {
        #expect(text { $0.value(joining: [[], [1, 2], [], [3]]) } == "[1.0,2.0,3.0]")
        #expect(text { $0.value(joining: [[]]) } == "[]" && text { $0.value(joining: []) } == "[]")
    }

    /// As many arrays as a large network's maps are must not be copied for each that follows.
    @Test func manyArraysGrowTheTextBySteps() {
        var writer = JSONWriter()
        var capacities: Set<Int> = []
        for _ in 0..<2_000 {
            writer.value([Float](repeating: 0.12345678, count: 50))
            capacities.insert(writer.bytes.capacity)
        }
        #expect(capacities.count < 40)
    }

    @Test func stringsAreEscaped() {
        #expect(text { $0.value("a\"b\\c\n\r\t\u{0}\u{1f}é🌍/") } == #""a\"b\\c\n\r\t\u0000\u001fé🌍/""#)
    }

    @Test func whatIsNoNumberIsNull() {
        #expect(text { $0.value([Float.nan, .infinity, -.infinity, 1]) } == "[null,null,null,1.0]")
        #expect(text { $0.value(Double.nan) } == "null")
        #expect(text { $0.value(Double.infinity) } == "null")
    }

    @Test(
        arguments: [
            (0.1, "0.1"), (0.5, "0.5"), (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-0.25, "-0.25"), (0.001, "0.001"), (1e-4, "0.0001"),
            (0.0001234, "0.0001234"), (0.99999994, "0.99999994"), (0.3, "0.3"), (1.0 / 3, "0.33333334"), (0.01, "0.01"),
        ] as [(Float, String)])
    func shortestFloats(_ number: Float, _ expected: String) {
        #expect(text { $0.value(number) } == expected)
    }

    @Test func everyFloatReadsBackAndNoShorterTextWould() {
        var seed: UInt64 = 7
        for index in 0..<60_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let bits = UInt32(truncatingIfNeeded: seed >> 32)
            // Half of them among those that the fast path writes, half of all there are.
            let number = index % 2 == 0 ? Float(bitPattern: bits % (0x3F80_0000 - 0x38D1_B717) + 0x38D1_B717) : Float(bitPattern: bits)
            guard number.isFinite else { continue }
            let written = text { $0.value(number) }
            #expect(Float(written) == number, "\(number.bitPattern)")
            let digits = { (text: String) in text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.count }
            #expect(digits(written) <= digits(number.description), "\(written) \(number)")
        }
    }

    @Test func floatsAreWrittenAsTheStandardLibraryDescribesThem() {
        func check(_ number: Float) {
            let written = text { $0.value([number, -number]) }
            #expect(written == "[\(number.description),\((-number).description)]", "\(number.bitPattern)")
        }
        // The ends of every binade, and of the form with an exponent.
        for exponent in 0..<255 as Range<UInt32> {
            for fraction in [0, 1, 2, 0x40_0000, 0x7F_FFFE, 0x7F_FFFF] as [UInt32] {
                let number = Float(bitPattern: exponent << 23 | fraction)
                if number > 0 { check(number) }
            }
        }
        for number in [1e-4, 9.999999e-5, 1e-5, 16_777_216, 16_777_218, 100, 1e10, 123_456, 0.1, 12.5] as [Float] { check(number) }
        for number in 1...2_000 { check(Float(number) / 1_000) }
    }

    @Test func manyFloatsAreOneList() {
        for count in [0, 1, 255, 256, 257, 1_000] {
            let values = (0..<count).map { Float($0) / 7 }
            let expected = "[" + values.map { $0.description }.joined(separator: ",") + "]"
            #expect(text { $0.value(values) } == expected)
        }
    }

    @Test func sixtyFiveThousandFloatsAreWrittenQuickly() {
        let values = (0..<65_536).map { Float(($0 &* 2_654_435_761) % 1_000_003) / 1_000_003 }
        var best = Duration.seconds(100)
        for _ in 0..<5 {
            best = min(best, ContinuousClock().measure { _ = text { $0.value(values) } })
        }
        #if DEBUG
        #expect(best < .seconds(2))
        #else
        #expect(best < .milliseconds(20))
        #endif
    }
}
