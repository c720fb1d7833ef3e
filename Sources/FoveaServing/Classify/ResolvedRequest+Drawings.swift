import FoveaVision

/// What is drawn of an answer.
extension ResolvedRequest {
    /// How many drawings each picture gets.
    var drawingsPerPicture: Int {
        guard parameters.overlay == .png else { return 0 }
        let explained = contents.explanation.map { $0.layers.count * max(1, $0.classes.count) } ?? 0
        return explained + contents.maps.count { Self.isDrawn(served.network.description.maps[$0]) }
    }

    /// Single planes alone: a stack of them would be a drawing each, and what a stack says of places is in the layer's `spatial` map.
    private static func isDrawn(_ map: ModelDescription.Map) -> Bool { map.kind.isSpatial && map.shape.count == 2 }

    /// Refuses more drawings than one answer may hold.
    func checkDrawings(pictures: Int, limit: Int) throws(ClassificationError) {
        guard drawingsPerPicture > limit / max(1, pictures) else { return }
        let count =
            pictures > 1
            ? "\(pictures) pictures would get \(drawingsPerPicture) drawings each" : "it would be \(drawingsPerPicture) drawings"
        let advice = pictures > 1 ? "Choose fewer 'layers', or send fewer pictures." : "Choose fewer 'layers'."
        throw .badRequest("The parameter 'overlay': \(count); \(limit) are drawn at once. \(advice)")
    }

    /// Draws the maps that were asked for into an answer.
    ///
    /// - Parameter encode: makes a file of a drawing.
    func draw(
        _ pass: PicturePass, over canvas: Picture, into answer: inout Classification,
        encode: (Picture) throws(ClassificationError) -> [UInt8]
    ) throws(ClassificationError) {
        let description = served.network.description
        let overlay = Overlay(canvas: canvas, crop: answer.image.crop, width: answer.image.width, height: answer.image.height)
        func draw(_ values: [Float], _ size: [Int]) throws(ClassificationError) -> [UInt8] {
            try encode(overlay.drawing(of: values, height: size[0], width: size[1], colormap: parameters.colormap))
        }
        for (place, index) in contents.maps.enumerated() where Self.isDrawn(description.maps[index]) {
            answer.attention[place].overlay = try draw(pass.output.maps[place], description.maps[index].shape)
        }
        for (place, explanation) in pass.output.explanations.enumerated() {
            answer.explanation?[place].overlay = try draw(
                explanation.values, Array(description.explanationLayers[explanation.layer].shape.suffix(2)))
        }
    }
}
