import ArgumentParser
import FoundationEssentials
import FoveaCompute
import FoveaServing

/// Settles an option: the flag where it was given, else the environment's `FOVEA_<OPTION>`, else the default.
struct Environment {
    private let variables: [String: String]

    init(_ variables: [String: String] = ProcessInfo.processInfo.environment) {
        self.variables = variables
    }

    /// The environment's name of an option: `--max-batch` is `FOVEA_MAX_BATCH`.
    static func name(of option: String) -> String {
        "FOVEA_" + String(option.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// A text; an empty variable counts as not set.
    func text(_ flag: String?, _ option: String) -> String? {
        flag ?? variables[Self.name(of: option)].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number in a range.
    func integer(_ flag: Int?, _ option: String, default fallback: Int, in range: ClosedRange<Int>) throws -> Int {
        try number(flag, option, default: fallback, in: range, kind: "a whole number", parse: Int.init)
    }

    /// A number in a range.
    func decimal(_ flag: Double?, _ option: String, default fallback: Double, in range: ClosedRange<Double>) throws -> Double {
        try number(flag, option, default: fallback, in: range, kind: "a number", parse: Double.init)
    }

    /// A number of seconds.
    func seconds(
        _ flag: Double?, _ option: String, default fallback: Duration, in range: ClosedRange<Double> = 0...86_400
    ) throws -> Duration {
        .seconds(try decimal(flag, option, default: fallback / .seconds(1), in: range))
    }

    /// One of an enumeration's raw values.
    func choice<Choice>(_ flag: String?, _ option: String, default fallback: Choice) throws -> Choice
    where Choice: CaseIterable & RawRepresentable<String> {
        guard let text = text(flag, option) else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(source(flag != nil, option)) is '\(text)'; expected one of \(choices).")
        }
        return choice
    }

    /// The models folders: those given, or else those of `FOVEA_MODELS` with colons between them.
    func folders(_ flags: [String]) -> [URL] {
        var folders = flags
        if folders.isEmpty, let list = text(nil, "models") { folders = list.split(separator: ":").map(String.init) }
        if folders.isEmpty { folders = [Defaults.folder] }
        return folders.map { URL(filePath: $0) }
    }

    /// Threads for passes.
    func threads(_ flag: Int?) throws -> Int {
        try integer(flag, "threads", default: min(1024, ProcessorBudget.current()), in: 1...1024)
    }

    /// How weights are stored.
    func precision(_ flag: String?) throws -> Precision {
        try choice(flag, "precision", default: Defaults.server.precision)
    }

    private func number<Number: Comparable>(
        _ flag: Number?, _ option: String, default fallback: Number, in range: ClosedRange<Number>, kind: String, parse: (String) -> Number?
    ) throws -> Number {
        var value = flag ?? fallback
        if flag == nil, let text = text(nil, option) {
            guard let parsed = parse(text) else { throw ValidationError("\(Self.name(of: option)) is '\(text)'; expected \(kind).") }
            value = parsed
        }
        guard range.contains(value) else {
            throw ValidationError(
                "\(source(flag != nil, option)) is \(value); expected \(kind) from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    private func source(_ isFlag: Bool, _ option: String) -> String {
        isFlag ? "--\(option)" : Self.name(of: option)
    }
}
