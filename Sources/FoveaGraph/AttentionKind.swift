/// What the numbers of an attention map stand for; the raw values are the names that users see.
public enum AttentionKind: String, Sendable, Hashable, CaseIterable {
    case channel, spatial, filter, kernel
    case kernelSpatial = "kernel_spatial"
    case branch
    case groupSpatial = "group_spatial"
    case gather, distribute, offset, mask

    /// Whether the last two axes are the height and width of the layer's own feature map.
    public var isSpatial: Bool {
        switch self {
        case .spatial, .groupSpatial, .gather, .distribute, .offset, .mask: true
        case .channel, .filter, .kernel, .kernelSpatial, .branch: false
        }
    }
}
