/// Adaptive average pooling or nearest-neighbour upsampling of a blocked map.
public struct MapResizing: Sendable {
    package let kind: ResizingKernel.Kind
    package let channels: Int
    package let input: Extent2D
    package let output: Extent2D

    package init(_ kind: ResizingKernel.Kind, channels: Int, input: Extent2D, output: Extent2D) {
        self.kind = kind
        self.channels = channels
        self.input = input
        self.output = output
    }
}
