import FoveaSystem
import FoveaVision
import FoveaZoo

/// Prepares pictures as a model's configuration says.
struct PicturePreparation: Sendable {
    private let preprocessor: Preprocessor
    private let decoding: DecodingBudget

    /// - Parameter decoding: what all pictures that are decoded at a time share.
    /// - Throws: the setting of `config.json` that makes no sense.
    init(_ preprocessing: ModelConfiguration.Preprocessing, maxPixels: Int, decoding: DecodingBudget) throws(ModelError) {
        guard preprocessing.inputSize.count == 3, let interpolation = Interpolation(rawValue: preprocessing.interpolation.rawValue),
            let cropMode = CropMode(rawValue: preprocessing.cropMode.rawValue),
            let orientation = OrientationPolicy(rawValue: preprocessing.orientation.rawValue)
        else { throw ModelError("config.json: the preprocessing is of a kind that this build does not have.") }
        self.decoding = decoding
        do throws(PreprocessorError) {
            preprocessor = try Preprocessor(
                height: preprocessing.inputSize[1], width: preprocessing.inputSize[2], interpolation: interpolation,
                cropFraction: preprocessing.cropFraction, cropMode: cropMode, mean: preprocessing.mean, std: preprocessing.std,
                orientation: orientation, maxPixels: maxPixels)
        } catch {
            throw ModelError("config.json: \(error.description).")
        }
    }

    /// Decodes and preprocesses a picture.
    func prepare(_ bytes: [UInt8]) throws(ClassificationError) -> PreparedInput {
        try withRoom(for: bytes) { () throws(PictureError) in
            let start = Instant.now
            let picture = try preprocessor.decode(bytes)
            let decoded = Instant.now
            let prepared = preprocessor.prepare(picture)
            return PreparedInput(
                values: prepared.values,
                image: Classification.Image(
                    width: prepared.width, height: prepared.height, orientation: prepared.orientation, crop: prepared.crop), encoded: bytes,
                decode: start.duration(to: decoded), preprocess: decoded.duration(to: .now))
        }
    }

    /// Decodes a picture for drawing on. Decoded pictures are not kept for that while they wait for their pass: encoded they take a tenth of the memory.
    func canvas(of bytes: [UInt8]) throws(ClassificationError) -> Picture {
        try withRoom(for: bytes) { () throws(PictureError) in Overlay.canvas(for: try preprocessor.decode(bytes).upright) }
    }

    private func withRoom<Result>(for bytes: [UInt8], _ body: () throws(PictureError) -> Result) throws(ClassificationError) -> Result {
        do throws(PictureError) {
            // Small ones may be decoded by workers, who must not wait behind large ones; there are no more at a time than threads that decode.
            if NetworkInput.quickPixels.contains(PictureDecoder.announcedPixels(bytes)) { return try body() }
            let needed = preprocessor.decoder.peakBytes(bytes)
            guard needed <= decoding.limit else {
                throw .undecodable(
                    "decoding the picture needs \(needed / 1_000_000) MB of memory, more than the \(decoding.limit / 1_000_000) MB that there are for it; "
                        + "send a smaller one, or a JPEG that is baseline and upright")
            }
            return try decoding.with(needed, body)
        } catch {
            switch error {
            case .unsupported(let reason): throw .unsupportedPicture(reason)
            case .undecodable(let reason): throw .undecodablePicture(reason)
            }
        }
    }
}
