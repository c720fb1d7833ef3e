import FoveaGraph
import FoveaSystem

/// A network of dynamic convolutions beside the static one made of it.
public struct StaticComparison: Sendable, Hashable {
    /// Pictures that both saw.
    public let pictures: Int
    /// Whether the pictures' folders are named after classes, so that it is known which one is right.
    public internal(set) var isLabelled = false
    /// How many each named rightly.
    public private(set) var dynamicRight = 0, staticRight = 0
    /// How many both gave the same class.
    public private(set) var agreeing = 0
    /// The mean over the pictures of half the sum of the probabilities' differences: 0 where they are equal, 1 where nothing is shared.
    public var distance: Double { pictures == 0 ? 0 : distances / Double(pictures) }
    /// Median milliseconds of one picture's pass on one thread.
    public private(set) var dynamicMilliseconds = 0.0, staticMilliseconds = 0.0

    private var distances = 0.0

    init(pictures: Int) {
        self.pictures = pictures
    }

    mutating func add(_ dynamic: [Float], _ made: [Float], truth: Int?) {
        let (first, second) = (Softmax.probabilities(dynamic), Softmax.probabilities(made))
        let (one, other) = (Softmax.order(dynamic).first, Softmax.order(made).first)
        agreeing += one == other ? 1 : 0
        dynamicRight += truth != nil && one == truth ? 1 : 0
        staticRight += truth != nil && other == truth ? 1 : 0
        distances += zip(first, second).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }

    /// Times both in turns, so that what else the machine does meets both.
    mutating func time(_ dynamic: Session, _ made: Session, _ input: SessionInput) {
        var times: [[Double]] = [[], []]
        let start = Instant.now
        repeat {
            for (place, session) in [dynamic, made].enumerated() {
                let before = Instant.now
                guard (try? session.run([input])) != nil else { return }
                times[place].append(before.duration(to: .now) / .milliseconds(1))
            }
        } while times[0].count < 50 && start.duration(to: .now) < .seconds(10)
        dynamicMilliseconds = times[0].sorted()[times[0].count / 2]
        staticMilliseconds = times[1].sorted()[times[1].count / 2]
    }
}
