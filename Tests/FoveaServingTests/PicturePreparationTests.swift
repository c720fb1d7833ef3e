import FoveaVision
import FoveaZoo
import Testing

@testable import FoveaServing

@Suite struct PicturePreparationTests {
    /// A configuration's names are looked up in the module that carries them out.
    @Test func everySettingOfAConfigurationCanBeCarriedOut() {
        typealias Preprocessing = ModelConfiguration.Preprocessing
        #expect(Preprocessing.Interpolation.allCases.map(\.rawValue) == Interpolation.allCases.map(\.rawValue))
        #expect(Preprocessing.CropMode.allCases.map(\.rawValue) == CropMode.allCases.map(\.rawValue))
        #expect(Preprocessing.Orientation.allCases.map(\.rawValue) == OrientationPolicy.allCases.map(\.rawValue))
    }

    @Test func aPictureThatNeedsMoreThanThereIsIsRefused() throws {
        let grey = try TestPictures.grey(90, width: 1000, height: 1000)
        func prepare(_ picture: [UInt8], limit: Int) throws -> PreparedInput {
            try PicturePreparation(ModelConfiguration.Preprocessing(), maxPixels: 1_000_000, decoding: DecodingBudget(limit: limit))
                .prepare(picture)
        }
        #expect(try prepare(grey, limit: 2_000_000).image.width == 1000)
        let error = #expect(throws: ClassificationError.self) { try prepare(grey, limit: 1_999_999) }
        guard case .undecodablePicture(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("needs 2 MB of memory, more than the 1 MB"))
        // One of too many pixels needs nothing: its header says so.
        let large = try TestPictures.grey(90, width: 1000, height: 1001)
        let size = #expect(throws: ClassificationError.self) { try prepare(large, limit: 1) }
        #expect(size?.description.contains("1001000 pixels are more than the limit") == true)
    }
}
