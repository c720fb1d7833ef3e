/// Where a picture's pixels go: the size it is resized to, and the input's place in that. The arithmetic is that of timm's
/// `transforms_imagenet_eval` (timm/data/transforms_factory.py) and torchvision's `Resize` and `CenterCrop`, roundings included.
struct ResizeGeometry: Equatable {
    /// The size of the whole resized picture.
    let resizedWidth, resizedHeight: Int
    /// The input's top left corner in the resized picture; negative where a border is added.
    let left, top: Int
    /// The input's size.
    let width, height: Int

    init(pictureWidth: Int, pictureHeight: Int, inputWidth: Int, inputHeight: Int, cropFraction: Double, mode: CropMode) {
        let scaleWidth = max(1, Int((Double(inputWidth) / cropFraction).rounded(.down)))
        let scaleHeight = max(1, Int((Double(inputHeight) / cropFraction).rounded(.down)))
        switch mode {
        case .squash:
            (resizedWidth, resizedHeight) = (scaleWidth, scaleHeight)
        case .center where scaleWidth == scaleHeight:
            // torchvision: the long side is truncated, after multiplying first.
            let short = min(pictureWidth, pictureHeight)
            let long = Int(Double(scaleWidth * max(pictureWidth, pictureHeight)) / Double(short))
            (resizedWidth, resizedHeight) = pictureWidth <= pictureHeight ? (scaleWidth, long) : (long, scaleWidth)
        case .center, .border:
            // timm's ResizeKeepRatio: Python's round takes halves to even. timm fails where a side rounds to 0; here it stays 1.
            let ratioWidth = Double(pictureWidth) / Double(scaleWidth)
            let ratioHeight = Double(pictureHeight) / Double(scaleHeight)
            let ratio = mode == .border ? max(ratioWidth, ratioHeight) : min(ratioWidth, ratioHeight)
            resizedWidth = max(1, Int((Double(pictureWidth) / ratio).rounded(.toNearestOrEven)))
            resizedHeight = max(1, Int((Double(pictureHeight) / ratio).rounded(.toNearestOrEven)))
        }
        (width, height) = (inputWidth, inputHeight)
        left = Self.offset(resizedWidth, inputWidth)
        top = Self.offset(resizedHeight, inputHeight)
    }

    /// `CenterCrop` pads half of what is missing, rounded down, in front; else it cuts half of the surplus off, halves to even.
    private static func offset(_ size: Int, _ input: Int) -> Int {
        size < input ? -((input - size) / 2) : Int((Double(size - input) / 2).rounded(.toNearestOrEven))
    }

    /// The columns of the resized picture that the input shows.
    var columns: Range<Int> { max(0, left)..<min(resizedWidth, left + width) }
    /// The rows of the resized picture that the input shows.
    var rows: Range<Int> { max(0, top)..<min(resizedHeight, top + height) }

    /// The input's place in the picture before resizing.
    func crop(pictureWidth: Int, pictureHeight: Int) -> CropRectangle {
        let (scaleX, scaleY) = (Double(pictureWidth) / Double(resizedWidth), Double(pictureHeight) / Double(resizedHeight))
        return CropRectangle(
            x: Double(left) * scaleX, y: Double(top) * scaleY, width: Double(width) * scaleX, height: Double(height) * scaleY)
    }
}
