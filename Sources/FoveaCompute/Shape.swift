/// The extents of a tensor, outermost first, as in PyTorch.
public typealias Shape = [Int]
