import FoveaCompute

extension PlanCompiler {
    /// Lets elementwise steps write where they read, if nothing reads their input after them: a map that no cache holds then passes through memory
    /// twice, not three times.
    mutating func workInPlace() {
        var lastReaders: [Int: Int] = [:]
        for (index, step) in steps.enumerated() {
            for case .arena(let buffer) in step.reads { lastReaders[location(of: buffer).buffer] = index }
        }
        for (index, step) in steps.enumerated() {
            guard case .map(.elementwise(let kernel)) = step.kernel, kernel.base == .map, step.onlyForTaps == nil,
                case .arena(let input) = step.input
            else { continue }
            let (source, target) = (location(of: input), location(of: step.output))
            let readers = step.reads.count { place in
                guard case .arena(let buffer) = place else { return false }
                return location(of: buffer).buffer == source.buffer
            }
            let isWhole =
                target.buffer == step.output && source.distance == 0 && buffers.sizes[source.buffer] == buffers.sizes[target.buffer]
            let isComposed = buffers.composed.contains(source.buffer) || buffers.composed.contains(target.buffer)
            guard isWhole, !isComposed, readers == 1, lastReaders[source.buffer] == index, source.buffer != self.input,
                source.buffer != target.buffer
            else { continue }
            lastReaders[source.buffer] = lastReaders[target.buffer] ?? index
            buffers.parts[target.buffer] = (source.buffer, 0)
        }
    }
}
