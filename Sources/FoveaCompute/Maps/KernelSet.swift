/// The vector loops, built once for each instruction set; `FoveaKernels` says which set this machine runs.
///
/// Maps are blocked (`Blocked`) unless told otherwise. A step runs for all pictures of a pass, over all threads of its lane. Where it cuts its work by
/// the threads or the pictures (`Pass.shared`), each number is still summed in the same order: a result's bits depend on neither.
public protocol KernelSet: Sendable {
    /// The instruction set as `FOVEA_ISA` names it.
    static var name: String { get }

    static func run(
        _ step: ProductConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation])
    static func run(
        _ step: WinogradConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation])
    /// The first convolution, of a row-major picture.
    static func run(
        _ step: PictureConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, shared: Int, then operations: [MapOperation])
    /// The thin groups of a convolution.
    static func run(_ step: LaneConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [MapOperation])
    /// - Parameter y: row-major; the operations' operands lie over [outputs, area]
    static func run(_ step: ChannelProduct, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [PostOperation])
    /// - Parameter y: row-major, as is the map that is read; the operations' operands lie over [outputs, area]
    static func run(_ step: PlaneConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [PostOperation])
    /// Vectors; the operations' operands lie over [outputs].
    static func run(_ step: LinearProduct, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [MapOperation])
    /// The way back through a linear layer: z = Wᵀ g for each row, over one stream of the packed weights.
    ///
    /// - Parameter g: [rows, `transposedRow`], zeros behind a row's outputs
    /// - Parameter z: [rows, inputs]
    static func transpose(
        _ step: LinearProduct, _ lane: Lane, _ weight: UnsafePointer<Float>, _ g: UnsafePointer<Float>, rows: Int,
        to z: UnsafeMutablePointer<Float>)
    /// Mixes a dynamic convolution's kernels for each picture and convolves.
    static func run(
        _ step: DynamicProduct, _ pass: Pass, _ x: Place, _ sources: DynamicProduct.Sources, to y: Int, shared: Int,
        then operations: [MapOperation])

    static func run(_ step: MapPooling, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation])
    static func run(_ step: PositionReduction, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation])
    /// - Parameter y: row-major; the operations' operands lie over [1, area]
    static func run(_ step: ChannelReduction, _ pass: Pass, _ x: Place, to y: Int, then operations: [PostOperation])
    /// - Parameter y: row-major, as is the tensor that is read; the operations' operands lie over it
    static func run(_ step: AxisOperation, _ pass: Pass, _ x: Place, to y: Int, then operations: [PostOperation])
    static func run(_ step: GroupSimilarity, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation])
    static func run(_ step: MapResizing, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation])
    static func run(_ step: MapElementwise, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation])
    /// From a row-major map.
    static func toBlocks(_ step: LayoutChange, _ pass: Pass, _ x: Place, to y: Int)
    /// To a row-major map.
    static func fromBlocks(_ step: LayoutChange, _ pass: Pass, _ x: Place, to y: Int)
    /// To a map whose groups have blocks of their own. The lanes behind a group's last channel are left as they were.
    static func align(_ step: GroupAlignment, _ pass: Pass, _ x: Place, to y: Int)
    /// From such a map.
    static func join(_ step: GroupAlignment, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation])
}
