import Testing

@testable import FoveaVision

struct ResizeGeometryTests {
    private func geometry(_ width: Int, _ height: Int, _ side: Int, _ fraction: Double, _ mode: CropMode) -> ResizeGeometry {
        ResizeGeometry(pictureWidth: width, pictureHeight: height, inputWidth: side, inputHeight: side, cropFraction: fraction, mode: mode)
    }

    @Test func `the crop of a VGA picture`() {
        let center = geometry(640, 480, 224, 0.875, .center)
        #expect((center.resizedWidth, center.resizedHeight, center.left, center.top) == (341, 256, 58, 16))
        let crop = center.crop(pictureWidth: 640, pictureHeight: 480)
        #expect(crop == CropRectangle(x: 58.0 * 640 / 341, y: 30, width: 224.0 * 640 / 341, height: 420))

        let whole = geometry(640, 480, 224, 1, .squash).crop(pictureWidth: 640, pictureHeight: 480)
        #expect(whole == CropRectangle(x: 0, y: 0, width: 640, height: 480))

        let border = geometry(640, 480, 224, 1, .border)
        #expect((border.resizedWidth, border.resizedHeight, border.left, border.top) == (224, 168, 0, -28))
        #expect(border.crop(pictureWidth: 640, pictureHeight: 480) == CropRectangle(x: 0, y: -80, width: 640, height: 640))
    }

    @Test func `halves are rounded to even`() {
        #expect([225, 227, 229].map { geometry($0, $0, 224, 224.0 / Double($0), .squash).left } == [0, 2, 2])
    }

    @Test func `extreme shapes stay bounded`() throws {
        let preprocessor = try Preprocessor(height: 8, width: 8)
        for (width, height) in [(400_000, 1), (1, 400_000)] {
            let picture = Picture(unchecked: width, height, 1, [UInt8](repeating: 77, count: width * height))
            let prepared = preprocessor.prepare(DecodedPicture(upright: picture, orientation: 1, format: .png))
            #expect(prepared.values.count == 192)
            #expect(prepared.values[0] == (Float(77) / 255 - 0.485) / 0.229)
        }
    }

    @Test func `settings that make no sense are refused by name`() {
        func complaint(_ make: () throws(PreprocessorError) -> Preprocessor) -> String {
            do throws(PreprocessorError) {
                _ = try make()
                return ""
            } catch { return error.description }
        }
        #expect(complaint { () throws(PreprocessorError) in try Preprocessor(height: 0, width: 8) }.contains("0×8"))
        for fraction in [Double.nan, .infinity, 0, -1, 1e-9] {
            let text = complaint { () throws(PreprocessorError) in try Preprocessor(height: 8, width: 8, cropFraction: fraction) }
            #expect(text.contains("crop_pct"), "\(fraction)")
        }
        #expect(complaint { () throws(PreprocessorError) in try Preprocessor(height: 8, width: 8, mean: [1, 2]) }.contains("mean"))
        #expect(complaint { () throws(PreprocessorError) in try Preprocessor(height: 8, width: 8, std: [0, 1, 1]) }.contains("std"))
        #expect(complaint { () throws(PreprocessorError) in try Preprocessor(height: 8, width: 8, maxPixels: 0) }.contains("limit"))
    }
}
