/// The project's version.
public enum FoveaVersion {
    /// As `fovea --version`, the inference protocol's metadata and the metrics tell it.
    public static let text = "0.1.0"
}
