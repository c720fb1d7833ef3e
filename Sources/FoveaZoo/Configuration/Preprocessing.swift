extension ModelConfiguration {
    /// How a picture becomes the network's input; the defaults are timm's.
    public struct Preprocessing: Sendable, Hashable {
        /// The filter of the resize, under Pillow's names.
        public enum Interpolation: String, Sendable, CaseIterable { case nearest, box, bilinear, hamming, bicubic, lanczos }

        /// timm's `crop_mode`: the centre of the picture, the whole of it squashed, or the whole of it with a border.
        public enum CropMode: String, Sendable, CaseIterable { case center, squash, border }

        /// Whether a picture is turned upright by its EXIF tag first.
        public enum Orientation: String, Sendable, CaseIterable { case exif, ignore }

        /// [C, H, W].
        public var inputSize: [Int]
        /// The filter of the resize.
        public var interpolation: Interpolation
        /// The input's side by the resized picture's, from 0.01 to 100; above 1 the picture stands in the middle, and black around it, or the mean
        /// colour where `cropMode` is `border`.
        public var cropFraction: Double
        /// Which part of the picture the network sees.
        public var cropMode: CropMode
        /// Per channel, subtracted from values in 0…1.
        public var mean: [Float]
        /// Per channel, what the difference is divided by.
        public var std: [Float]
        /// Whether EXIF orientation is applied.
        public var orientation: Orientation

        /// timm's defaults, with ImageNet's mean and standard deviation, unless told otherwise.
        public init(
            inputSize: [Int] = [3, 224, 224], interpolation: Interpolation = .bicubic, cropFraction: Double = 0.875,
            cropMode: CropMode = .center, mean: [Float] = [0.485, 0.456, 0.406], std: [Float] = [0.229, 0.224, 0.225],
            orientation: Orientation = .exif
        ) {
            self.inputSize = inputSize
            self.interpolation = interpolation
            self.cropFraction = cropFraction
            self.cropMode = cropMode
            self.mean = mean
            self.std = std
            self.orientation = orientation
        }
    }
}

extension ModelConfiguration.Preprocessing {
    /// Reads the preprocessing's members of `pretrained_cfg`, or of the flat form's top level.
    ///
    /// As timm's `resolve_data_config` does unless told otherwise (timm/data/config.py, `use_test_size` false): `test_input_size` and
    /// `test_crop_pct` have no say.
    init(_ reader: inout ArgumentReader) throws(ModelError) {
        self.init()
        inputSize = try reader.integers("input_size", default: inputSize, counts: 3...3, in: 1...4096)
        guard inputSize.first == 3 else {
            throw reader.refusal(
                "input_size", .array(inputSize.map { .number(Double($0)) }), expected: "[3, height, width]: pictures are decoded to RGB")
        }
        if let value = reader.value("interpolation"), value == .string("random") {
            throw reader.refusal(
                "interpolation", value, expected: "the one filter of the evaluation: timm draws filters at random in training only")
        }
        interpolation = try reader.choice("interpolation", default: interpolation)
        // Above 1 the resized picture is smaller than the input, and must keep a pixel. Nobody means what is beyond a factor of 100.
        cropFraction = try reader.number("crop_pct", default: cropFraction, in: 0.01...Double(min(inputSize[1], inputSize[2], 100)))
        cropMode = try reader.choice("crop_mode", default: cropMode)
        mean = try Self.perChannel("mean", default: mean, from: &reader, expected: "a list of 3 numbers") { _ in true }
        std = try Self.perChannel("std", default: std, from: &reader, expected: "a list of 3 numbers above 0") { $0 > 0 }
        orientation = try reader.choice("orientation", default: orientation)
    }

    private static func perChannel(
        _ name: String, default fallback: [Float], from reader: inout ArgumentReader, expected: String, where accepts: (Float) -> Bool
    ) throws(ModelError) -> [Float] {
        guard let value = reader.value(name) else { return fallback }
        guard case .array(let elements) = value, elements.count == 3 else { throw reader.refusal(name, value, expected: expected) }
        var numbers: [Float] = []
        for element in elements {
            // Rounded to float32 first: what is above 0 as a double may be 0 or infinite there.
            guard case .number(let number) = element, Float(number).isFinite, accepts(Float(number)) else {
                throw reader.refusal(name, value, expected: expected)
            }
            numbers.append(Float(number))
        }
        return numbers
    }
}
