/// Where the windows of a convolution or a pooling lie: PyTorch's `kernel_size`, `stride`, `padding` and `dilation`.
public struct WindowGeometry: Sendable, Hashable {
    package let kernel: Extent2D
    package let stride: Extent2D
    package let padding: Extent2D
    package let dilation: Extent2D
    /// The size of the map that the windows slide over.
    public let input: Extent2D
    /// The number of windows along each axis.
    public let output: Extent2D

    /// The size of the map with its padding around it.
    public var padded: Extent2D { Extent2D(input.height + 2 * padding.height, input.width + 2 * padding.width) }

    /// No extent may pass this; it keeps all arithmetic on positions far from overflow.
    static let limit = 1 << 24

    /// Counts the windows as PyTorch does (`torch.nn.Conv2d`, `torch.nn.MaxPool2d`, section "Shape").
    ///
    /// - Parameter ceilMode: Round the count up; a last window that would start in the padding behind the map is left out.
    /// - Returns: `nil` where a number is out of range or no window fits.
    public init?(
        kernel: Extent2D, stride: Extent2D = Extent2D(1), padding: Extent2D = Extent2D(0), dilation: Extent2D = Extent2D(1),
        input: Extent2D, ceilMode: Bool = false
    ) {
        func count(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Int? {
            let limit = Self.limit
            guard 1...limit ~= size, 1...limit ~= kernel, 1...limit ~= stride, 0...limit ~= padding, 1...limit ~= dilation else {
                return nil
            }
            let room = size + 2 * padding - dilation * (kernel - 1) - 1
            guard room >= 0 else { return nil }
            guard ceilMode else { return room / stride + 1 }
            let rounded = (room + stride - 1) / stride + 1
            return (rounded - 1) * stride >= size + padding ? rounded - 1 : rounded
        }
        guard let height = count(input.height, kernel.height, stride.height, padding.height, dilation.height),
            let width = count(input.width, kernel.width, stride.width, padding.width, dilation.width)
        else { return nil }
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.input = input
        self.output = Extent2D(height, width)
    }

    /// Which output columns read inside the map at the kernel's column `kx`; the others read padding.
    ///
    /// Column `ox` reads the map's column `ox · stride.width + shift`. The bounds of `inside` are within the output's even where it is empty.
    @inline(__always)
    public func columns(at kx: Int) -> (inside: Range<Int>, shift: Int) {
        let step = stride.width
        let shift = kx &* dilation.width &- padding.width
        let first = min(output.width, max(0, (step &- 1 &- shift) / step))
        let end = shift >= input.width ? first : max(first, min(output.width, (input.width &- 1 &- shift) / step &+ 1))
        return (first..<end, shift)
    }
}
