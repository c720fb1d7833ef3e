import FoveaVision
import FoveaZoo

/// Brings the model's configuration and the picture room together: the one file that knows both.
struct PicturePreparation: Sendable {
    private let preprocessing: ModelConfiguration.Preprocessing
    private let maxPixels: Int

    init(_ preprocessing: ModelConfiguration.Preprocessing, maxPixels: Int) {
        self.preprocessing = preprocessing
        self.maxPixels = maxPixels
    }

    /// Decodes and preprocesses a picture.
    func prepare(_ bytes: [UInt8]) throws(ClassificationError) -> PreparedInput {
        throw .undecodablePicture("Pictures are not decoded yet.")
    }
}
