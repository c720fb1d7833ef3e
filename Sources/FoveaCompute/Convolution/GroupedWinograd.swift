/// A 3×3 convolution in groups by Winograd, one group after the other, between maps whose groups have blocks of their own (`GroupAlignment`).
public struct GroupedWinograd: Sendable, PackedWeights {
    package let groups: Int
    /// The convolution of one group. Its weights are float32: those of groups are few.
    public let winograd: WinogradConvolution

    /// - Returns: `nil` for any other convolution, and where all groups' transformed weights would be as many as no one convolution may store.
    public init?(_ geometry: ConvolutionGeometry, tile: Int) {
        let group = ConvolutionGeometry(
            inputChannels: geometry.inputsPerGroup, outputChannels: geometry.outputsPerGroup, window: geometry.window)
        guard geometry.groups > 1, let group, let winograd = WinogradConvolution(group, tile: tile) else { return nil }
        let isLarge = geometry.groups * winograd.weightCount > WinogradConvolution.mostTransformed
        guard winograd.method == .streamed || !isLarge else { return nil }
        groups = geometry.groups
        self.winograd = winograd
    }

    package var weightCount: Int { groups * winograd.weightCount }

    /// Runs `body` for each group, with how far its input, its weights and its output are from the first group's.
    public func forEachGroup(_ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void) {
        let geometry = winograd.geometry
        let input = Blocked.count(channels: geometry.inputChannels, area: geometry.inputArea)
        let output = Blocked.count(channels: geometry.outputChannels, area: geometry.outputArea)
        for group in 0..<groups { body(group * input, group * winograd.weightCount, group * output) }
    }

    /// - Parameter filters: [Cout, Cin/groups, 3, 3]
    /// - Parameter target: `weightCount` zeros
    public func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let outputs = winograd.geometry.outputChannels
        for group in 0..<groups {
            winograd.pack(filters.outputs(group * outputs..<(group + 1) * outputs), to: target + group * winograd.weightCount)
        }
    }
}
