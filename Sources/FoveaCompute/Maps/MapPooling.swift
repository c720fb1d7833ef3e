/// Max or average pooling of a blocked map.
public struct MapPooling: Sendable {
    package let kind: PoolingKind
    package let channels: Int
    package let window: WindowGeometry

    package init(_ kind: PoolingKind, channels: Int, _ window: WindowGeometry) {
        self.kind = kind
        self.channels = channels
        self.window = window
    }
}
