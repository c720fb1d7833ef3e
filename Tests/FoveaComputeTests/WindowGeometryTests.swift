import Testing

@testable import FoveaCompute

@Suite struct WindowGeometryTests {
    /// Sizes that PyTorch 2 gives for `MaxPool2d(kernel, stride, padding, dilation, ceil_mode)` on a row of `size`.
    @Test(arguments: [
        (7, 3, 2, 0, 1, false, 3), (7, 3, 2, 1, 1, false, 4), (8, 3, 2, 0, 1, false, 3), (8, 3, 2, 0, 1, true, 4),
        (4, 1, 3, 0, 1, true, 2), (5, 2, 2, 1, 1, true, 3), (6, 2, 2, 1, 1, true, 4), (9, 3, 1, 0, 3, false, 3),
        (3, 2, 3, 0, 1, true, 1),
    ]) func counts(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ ceilMode: Bool, _ expected: Int) {
        let window = WindowGeometry(
            kernel: Extent2D(kernel), stride: Extent2D(stride), padding: Extent2D(padding), dilation: Extent2D(dilation),
            input: Extent2D(size), ceilMode: ceilMode)
        #expect(window?.output == Extent2D(expected))
    }

    @Test func tellsTheColumnsThatReadInsideTheMap() {
        for size in 1...7 {
            for stride in 1...3 {
                for dilation in 1...4 {
                    for padding in 0...5 {
                        let window = WindowGeometry(
                            kernel: Extent2D(3), stride: Extent2D(stride), padding: Extent2D(padding), dilation: Extent2D(dilation),
                            input: Extent2D(size))
                        guard let window else { continue }
                        for kx in 0..<3 {
                            let (inside, shift) = window.columns(at: kx)
                            let expected = (0..<window.output.width).filter { 0..<size ~= $0 * stride + shift }
                            #expect(shift == kx * dilation - padding && Array(inside) == expected)
                            #expect(inside.lowerBound >= 0 && inside.upperBound <= window.output.width)
                        }
                    }
                }
            }
        }
    }

    @Test func refusesWhatDoesNotFit() {
        #expect(WindowGeometry(kernel: Extent2D(5), input: Extent2D(4)) == nil)
        #expect(WindowGeometry(kernel: Extent2D(3), stride: Extent2D(0), input: Extent2D(4)) == nil)
        #expect(WindowGeometry(kernel: Extent2D(3), padding: Extent2D(-1), input: Extent2D(4)) == nil)
        #expect(WindowGeometry(kernel: Extent2D(1), padding: Extent2D(.max), input: Extent2D(4)) == nil)
        #expect([Int.max, 2].elementCount == nil)
        #expect([-1, 2].elementCount == nil)
    }
}
