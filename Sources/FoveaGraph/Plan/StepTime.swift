/// What one step of a plan is, and how long it took in a pass.
public struct StepTime: Sendable, Hashable {
    /// The module whose operation it computes, `layer1.0.conv1`; nil of what no module stands for, as a change of layout.
    public let layer: String?
    /// The kernel that the plan chose, in words.
    public let kernel: String
    /// Channels of what it computes, for one picture; zero of a row-major value, which has other axes.
    public let channels: Int
    /// Positions of each channel, likewise.
    public let area: Int
    /// Bytes of the packed weights that it reads.
    public let weightBytes: Int
    /// For all pictures of the pass. Where they take their steps side by side, each on a thread of its own, a step's time is theirs together, divided by the
    /// threads.
    public let time: Duration

    init(_ step: Step, time: Duration) {
        layer = step.layer
        kernel = step.kernel.name
        (channels, area) = step.map
        weightBytes = step.weightCount * MemoryLayout<Float>.stride
        self.time = time
    }
}
