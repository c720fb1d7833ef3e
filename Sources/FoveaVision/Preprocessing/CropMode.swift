/// How a picture of another shape is fitted to the network's input: timm's `crop_mode`.
public enum CropMode: String, Sendable, Hashable, CaseIterable {
    /// Resize the short side, cut the middle out (timm's default and torchvision's `Resize` + `CenterCrop`).
    case center
    /// Resize both sides without keeping their ratio, then cut the middle out.
    case squash
    /// Resize the long side, fill up with the mean colour, then cut the middle out.
    case border
}
