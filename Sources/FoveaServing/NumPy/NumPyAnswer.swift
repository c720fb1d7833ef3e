import FoveaHTTP
import HTTPTypes

/// The maps of one picture's answer as NumPy's files: one map as `.npy`, several as `.npz`, each named `layer/kind`, and explanations `layer/method.class`.
struct NumPyAnswer {
    private let arrays: [(name: String, values: [Float], shape: [Int])]

    init(_ answer: Classification) {
        let attention = answer.attention.compactMap { map in
            map.values.map { (name: "\(map.layer)/\(map.kind.rawValue)", values: $0, shape: map.shape) }
        }
        let explained = (answer.explanation ?? []).compactMap { map in
            map.values.map { (name: "\(map.layer)/\(map.method.rawValue).\(map.classIndex)", values: $0, shape: map.shape) }
        }
        arrays = attention + explained
    }

    /// Refuses what there is no such file for, before any work.
    static func check(_ parameters: ClassifyParameters, pictures: Int) throws(ClassificationError) {
        guard pictures == 1 else {
            throw .badRequest(
                "The parameter 'format' is 'npy', which answers one picture; the request has \(pictures). Send them one by one.")
        }
        guard parameters.attention == .maps || (parameters.attention == .none && parameters.explanation != .none) else {
            throw .badRequest(
                "The parameter 'format' is 'npy', which holds maps; 'attention' is '\(parameters.attention.rawValue)', and nothing is left."
            )
        }
    }

    /// The file.
    ///
    /// - Throws: `badRequest` where the model has no map to put into one.
    func response() throws(ClassificationError) -> ServerResponse {
        guard let first = arrays.first else {
            throw .badRequest("The parameter 'format' is 'npy', which holds maps, and this model has none.")
        }
        if arrays.count == 1 {
            let name = first.name.replacing("/", with: ".")
            return Self.response(NPYFile.bytes(first.values, shape: first.shape), name: "\(name).npy")
        }
        var archive = StoredZip()
        for array in arrays { archive.add("\(array.name).npy", NPYFile.bytes(array.values, shape: array.shape)) }
        return Self.response(archive.bytes(), name: "maps.npz")
    }

    private static func response(_ bytes: [UInt8], name: String) -> ServerResponse {
        // Layers' names are of letters, digits, dots and underscores: nothing in them needs to be escaped here.
        ServerResponse(
            status: .ok, fields: [.contentType: "application/octet-stream", .contentDisposition: "attachment; filename=\"\(name)\""],
            body: bytes)
    }
}
