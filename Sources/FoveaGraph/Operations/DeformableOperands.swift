/// The inputs of a deformable convolution, by name: as nodes or as numbers.
struct DeformableOperands<Operand> {
    let x: Operand
    /// [2·G·kh·kw, OH, OW]
    let offset: Operand
    /// [G·kh·kw, OH, OW]; nil is 1
    let mask: Operand?

    init(_ inputs: [Operand]) {
        x = inputs[0]
        offset = inputs[1]
        mask = inputs.count > 2 ? inputs[2] : nil
    }
}
