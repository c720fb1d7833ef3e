import FoveaCheckpoints
import FoveaCompute
import FoveaJSON

/// Hands out a checkpoint's tensors and keeps account of those that are missing, left over or of the wrong shape.
final class WeightLedger {
    /// Zeros that may stand in for missing tensors, in elements (1 GiB): more than VGG16 has.
    static let standInLimit = 1 << 28
    /// How many tensors of each kind of fault a message names.
    static let named = 10

    private let shapes: [String: [Int]]
    private let read: (String) throws -> [Float]
    private var used: Set<String> = []
    private var missing: [String] = []
    private var misshapen: [String] = []
    private var unreadable: [String] = []
    private var standIns = 0

    /// - Parameter shapes: The stored tensors.
    /// - Parameter read: The values of one of them, row-major.
    init(shapes: [String: [Int]], read: @escaping (String) throws -> [Float]) {
        self.shapes = shapes
        self.read = read
    }

    convenience init(_ checkpoint: Checkpoint) {
        let tensors = checkpoint.tensors
        self.init(shapes: tensors.mapValues(\.shape)) { name in
            guard let tensor = tensors[name] else { return [] }
            return try tensor.floats()
        }
    }

    func has(_ name: String) -> Bool {
        shapes[name] != nil
    }

    /// The tensor's values, or zeros where there is a fault.
    func values(_ name: String, shape: [Int]) throws(ModelError) -> [Float] {
        let isFirst = used.insert(name).inserted
        guard let count = Self.elements(shape) else {
            throw ModelError("The model's arguments ask for \(name) of shape \(shape), which is too large.")
        }
        if let found = shapes[name] {
            if found == shape {
                if !hasFaults {
                    do {
                        let values = try read(name)
                        if values.count == count { return values }
                        unreadable.append("\(name) holds \(values.count) values instead of \(count)")
                    } catch {
                        unreadable.append("\(name): \(error)")
                    }
                }
            } else if isFirst {
                misshapen.append("\(name) is \(found), expected \(shape)")
            }
        } else if isFirst {
            missing.append("\(name) \(shape)")
        }
        return try standIn(count)
    }

    /// Refuses the checkpoint if it had faults, or has tensors that nobody asked for.
    func finish() throws(ModelError) {
        let unexpected = shapes.keys.filter { !used.contains($0) && !StepCounter.has($0) }.sorted()
        if hasFaults || !unexpected.isEmpty { throw report(unexpected: unexpected) }
    }

    /// Refuses the checkpoint if it had faults; for a network that was not built to its end.
    func refuseFaults() throws(ModelError) {
        if hasFaults { throw report(unexpected: []) }
    }

    // MARK: -

    private var hasFaults: Bool {
        !missing.isEmpty || !misshapen.isEmpty || !unreadable.isEmpty
    }

    /// The product of the extents, if it is one that a tensor can have.
    private static func elements(_ shape: [Int]) -> Int? {
        guard let count = shape.elementCount, count <= 1 << 40 else { return nil }
        return count
    }

    private func standIn(_ count: Int) throws(ModelError) -> [Float] {
        guard count <= Self.standInLimit - standIns else { throw report(unexpected: []) }
        standIns += count
        return Array(repeating: 0, count: count)
    }

    private func report(unexpected: [String]) -> ModelError {
        let faults = [
            Self.sentence(missing, one: "is missing", many: "are missing"),
            Self.sentence(unexpected.map { "\($0) \(shapes[$0] ?? [])" }, one: "is unexpected", many: "are unexpected"),
            Self.sentence(misshapen, one: "has the wrong shape", many: "have the wrong shape"),
            Self.sentence(unreadable, one: "cannot be read", many: "cannot be read"),
        ]
        return ModelError("The weights do not fit the architecture: " + faults.compactMap(\.self).joined(separator: "; ") + ".")
    }

    private static func sentence(_ tensors: [String], one: String, many: String) -> String? {
        guard !tensors.isEmpty else { return nil }
        let rest = tensors.count > named ? " and \(tensors.count - named) more" : ""
        let count = tensors.count == 1 ? "1 tensor \(one)" : "\(tensors.count) tensors \(many)"
        return "\(count): " + tensors.prefix(named).map { $0.shown(limit: 300) }.joined(separator: ", ") + rest
    }
}
