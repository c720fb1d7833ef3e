/// The inputs of a convolution whose kernel is computed for each picture, by name: as nodes or as numbers.
struct GeneratedOperands<Operand> {
    let x: Operand
    /// [Cout, Cin/groups, kh, kw]
    let kernel: Operand

    init(_ inputs: [Operand]) {
        x = inputs[0]
        kernel = inputs[1]
    }
}
