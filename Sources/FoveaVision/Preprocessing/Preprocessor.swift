/// Turns encoded bytes into what a network reads, as torchvision and timm (`transforms_imagenet_eval`) do on Pillow.
public struct Preprocessor: Sendable {
    /// The sides of the network's input, in pixels; it has three channels.
    public let height, width: Int
    /// The filter of the resize.
    public let interpolation: Interpolation
    /// timm's `crop_pct`: the input's share of the resized picture's side.
    public let cropFraction: Double
    /// How a picture of another shape is fitted.
    public let cropMode: CropMode
    /// Per channel, in the range 0 to 1.
    public let mean, std: [Float]
    /// What the bytes go through first.
    public let decoder: PictureDecoder

    private let normalization: Normalization
    /// The byte that stands around a picture that does not fill the input.
    private let fill: [UInt8]

    private static let channels = 3
    /// The largest side of an input. It bounds what one picture can cost.
    public static let maxSide = 16_384
    /// The largest side of a resized picture, of which no more than the input is computed.
    private static let maxResizedSide = 1e7

    /// A preprocessing for one network; the defaults are timm's.
    ///
    /// - Parameters:
    ///   - height, width: of the network's `input_size`.
    ///   - mean, std: one value per channel.
    ///   - maxPixels: the most pixels that a picture's header may announce.
    /// - Throws: `PreprocessorError` naming the first setting that makes no sense.
    public init(
        height: Int, width: Int, interpolation: Interpolation = .bilinear, cropFraction: Double = 0.875,
        cropMode: CropMode = .center, mean: [Float] = [0.485, 0.456, 0.406], std: [Float] = [0.229, 0.224, 0.225],
        orientation: OrientationPolicy = .exif, maxPixels: Int = PictureDecoder.defaultMaxPixels
    ) throws(PreprocessorError) {
        let sides = 1...Self.maxSide
        guard sides.contains(height), sides.contains(width) else {
            throw PreprocessorError(description: "input_size: \(height)×\(width); each side must lie between 1 and \(Self.maxSide)")
        }
        // Which fractions a model may have is its configuration's to say; here the sides must stay numbers that can be reckoned with.
        guard cropFraction.isFinite, cropFraction > 0, Double(max(height, width)) / cropFraction <= Self.maxResizedSide else {
            throw PreprocessorError(
                description: "crop_pct: \(cropFraction); it must be above 0, and give a side of at most \(Int(Self.maxResizedSide)) pixels")
        }
        guard maxPixels > 0 else { throw PreprocessorError(description: "the pixel limit is \(maxPixels); it must be at least 1") }
        for (name, values) in [("mean", mean), ("std", std)] where values.count != Self.channels || !values.allSatisfy(\.isFinite) {
            throw PreprocessorError(description: "\(name): \(values); it must hold \(Self.channels) finite values, one per channel")
        }
        guard std.allSatisfy({ $0 > 0 }) else {
            throw PreprocessorError(description: "std: \(std); every value must be above 0")
        }
        (self.mean, self.std) = (mean, std)
        (self.height, self.width) = (height, width)
        (self.interpolation, self.cropFraction, self.cropMode) = (interpolation, cropFraction, cropMode)
        decoder = PictureDecoder(orientation: orientation, maxPixels: maxPixels)
        normalization = Normalization(mean: self.mean, std: self.std)
        fill = self.mean.map { cropMode == .border ? Self.fillByte($0) : 0 }
    }

    /// timm's `round(255 * mean)`, halves to even. Configurations write means in decimal, so the float is taken back to the double that was meant.
    private static func fillByte(_ mean: Float) -> UInt8 {
        let decimal = Double("\(mean)") ?? Double(mean)
        return UInt8(min(max((255 * decimal).rounded(.toNearestOrEven), 0), 255))
    }

    /// The first half of the work: bytes to an upright picture.
    ///
    /// - Throws: `PictureError.unsupported` where the bytes are neither JPEG nor PNG, `PictureError.undecodable` where they cannot be decoded.
    public func decode(_ bytes: [UInt8]) throws(PictureError) -> DecodedPicture {
        try decoder.decode(bytes)
    }

    /// The second half: an upright picture to the network's input.
    public func prepare(_ decoded: DecodedPicture) -> PreparedPicture {
        let upright = decoded.upright
        let geometry = geometry(of: upright)
        return PreparedPicture(
            values: normalized(resizedCrop(upright, geometry), geometry), width: upright.width, height: upright.height,
            orientation: decoded.orientation, crop: geometry.crop(pictureWidth: upright.width, pictureHeight: upright.height))
    }

    func geometry(of picture: Picture) -> ResizeGeometry {
        ResizeGeometry(
            pictureWidth: picture.width, pictureHeight: picture.height, inputWidth: width, inputHeight: height,
            cropFraction: cropFraction, mode: cropMode)
    }

    /// The part of the resized picture that falls within the input, without borders. Grey pictures stay grey: resizing three equal channels
    /// gives three equal channels.
    func resizedCrop(_ upright: Picture, _ geometry: ResizeGeometry) -> Picture {
        upright.resized(
            width: geometry.resizedWidth, height: geometry.resizedHeight, interpolation: interpolation, columns: geometry.columns,
            rows: geometry.rows)
    }

    /// The network's input [C, H, W].
    private func normalized(_ part: Picture, _ geometry: ResizeGeometry) -> [Float] {
        let plane = width * height
        let (marginLeft, marginTop) = (max(0, -geometry.left), max(0, -geometry.top))
        return [Float](unsafeUninitializedCapacity: Self.channels * plane) { values, written in
            guard let out = values.baseAddress else { return }
            normalization.table.withUnsafeBufferPointer { table in
                part.pixels.withUnsafeBufferPointer { pixels in
                    guard let table = table.baseAddress, let pixels = pixels.baseAddress else { return }
                    for channel in 0..<Self.channels {
                        let lookup = table + 256 * channel
                        let to = out + channel * plane
                        if part.width * part.height < plane { to.initialize(repeating: lookup[Int(fill[channel])], count: plane) }
                        let step = part.channels
                        for y in 0..<part.height {
                            var source = pixels + y * part.width * step + (step == 3 ? channel : 0)
                            let row = to + (y + marginTop) * width + marginLeft
                            for x in 0..<part.width {
                                row[x] = lookup[Int(source.pointee)]
                                source += step
                            }
                        }
                    }
                }
            }
            written = Self.channels * plane
        }
    }
}
