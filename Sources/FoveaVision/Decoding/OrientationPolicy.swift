/// What to do with a picture's EXIF orientation. The names are those of `orientation` in a model's `pretrained_cfg`.
public enum OrientationPolicy: String, Sendable, Hashable, CaseIterable {
    /// Turn the picture upright, as Pillow's `ImageOps.exif_transpose`.
    case exif
    /// Take the pixels as stored, as torchvision's `ImageFolder` does.
    case ignore
}
