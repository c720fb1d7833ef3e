/// The weights of a matrix product y[outputs] = W · x[depth] as the kernels stream them: panels of 32 outputs, [panel, depth, 32]; a last
/// panel of at most 16 outputs is 16 wide. Outputs behind the last one have zeros.
public struct Panels: Sendable, Hashable {
    /// Outputs of a panel: two vectors of AVX-512.
    public static let width = 32

    package let outputs: Int
    package let depth: Int

    package init(outputs: Int, depth: Int) {
        self.outputs = outputs
        self.depth = depth
    }

    /// Panels in all, a narrow last one among them.
    public var number: Int { (outputs + Self.width - 1) / Self.width }
    /// Outputs as they are stored, a multiple of 16.
    public var stored: Int { Blocked.blocks(outputs) * Blocked.lanes }
    /// Weights in all.
    public var count: Int { stored * depth }
    /// Where a panel starts.
    public func start(_ panel: Int) -> Int { panel * Self.width * depth }
    /// Outputs of a panel as they are stored: 32 or 16.
    public func width(_ panel: Int) -> Int { min(Self.width, stored - panel * Self.width) }

    /// Where the weight of `output` and the depth's element 0 is stored, and how far it is from there to the next element.
    public func place(_ output: Int) -> (start: Int, stride: Int) {
        let (panel, column) = output.quotientAndRemainder(dividingBy: Self.width)
        return (start(panel) + column, width(panel))
    }
}
