import FoveaHTTP
import FoveaJSON
import FoveaZoo
import Testing

@testable import FoveaServing

@Suite struct ClassifyParametersTests {
    func parameters(_ query: String) throws -> ClassifyParameters {
        var reader = ParameterReader()
        try reader.read(Query(parsing: query))
        return reader.parameters
    }

    @Test func defaults() throws {
        let parameters = try parameters("")
        #expect(parameters.topK == 5 && parameters.attention == .maps && parameters.mapSize == 32)
        #expect(parameters.layers == nil && parameters.model == nil && parameters.explanation == .none)
        try parameters.checkSupported()
    }

    @Test func everyParameterIsRead() throws {
        let parameters = try parameters(
            "model=m&version=2&top_k=3&attention=summary&layers=layer4.*,features.1&map_size=0&explain=cam&class=7&overlay=png&colormap=jet&format=npy"
        )
        #expect(parameters.model == "m" && parameters.version == "2" && parameters.topK == 3)
        #expect(parameters.attention == .summary && parameters.layers == ["layer4.*", "features.1"] && parameters.mapSize == 0)
        #expect(parameters.explanation == .cam && parameters.explainedClasses == [7] && parameters.overlay == .png)
        #expect(parameters.colormap == .jet && parameters.format == .npy)
        #expect(throws: ClassificationError.self) { try parameters.checkSupported() }
    }

    @Test(arguments: [
        ("top_k=-1", "The parameter 'top_k' is '-1'; expected a whole number from 1."),
        ("top_k=0", "The parameter 'top_k' is '0'; expected a whole number from 1."),
        ("top_k=%2B5", "The parameter 'top_k' is '+5'; expected a whole number from 1."),
        ("top_k=", "The parameter 'top_k' is ''; expected a whole number from 1."),
        (
            "top_k=99999999999999999999999",
            "The parameter 'top_k' is '99999999999999999999999'; expected a whole number from 1."
        ),
        ("attention=foo", "The parameter 'attention' is 'foo'; expected one of maps, summary, none."),
        ("map_size=1.5", "The parameter 'map_size' is '1.5'; expected a whole number from 0."),
        ("model=", "The parameter 'model' is empty; leave it out or give it a value."),
        ("layers=a,,b", "The parameter 'layers' is 'a,,b'; expected layer names or globs, separated by commas."),
        ("top_k=1&top_k=1", "The parameter 'top_k' was sent more than once; send it once."),
        (
            "topk=1",
            "There is no parameter 'topk'. The parameters: model, version, top_k, attention, layers, map_size, explain, class, overlay, colormap, format."
        ),
        ("explain=rise", "The parameter 'explain' is 'rise'; expected one of none, cam, gradcam, hirescam, layercam."),
        ("explain=cam&class=", "The parameter 'class' is ''; expected a class's index from 0, or up to 5 separated by commas."),
        ("explain=cam&class=1,-2", "The parameter 'class' is '1,-2'; expected a class's index from 0, or up to 5 separated by commas."),
        ("explain=cam&class=1,2,3,4,5,6", "The parameter 'class' lists 6 classes; 5 are allowed at once."),
        ("explain=cam&class=4,4", "The parameter 'class' names the class 4 twice."),
    ])
    func wrongValuesAreNamed(_ query: String, _ detail: String) {
        #expect(throws: ClassificationError.badRequest(detail)) { try parameters(query) }
    }

    @Test func jsonValues() throws {
        var reader = ParameterReader()
        try reader.set("top_k", to: JSONValue.number(3))
        try reader.set("layers", to: JSONValue.array([.string("a"), .string("b.*")]))
        try reader.set("model", to: JSONValue.null)
        try reader.set("version", to: JSONValue.number(2))
        #expect(reader.parameters.topK == 3 && reader.parameters.layers == ["a", "b.*"])
        #expect(reader.parameters.model == nil && reader.parameters.version == "2")
        for (name, value) in [
            ("top_k", JSONValue.number(1.5)), ("top_k", .number(-1)), ("attention", .bool(true)), ("map_size", .number(1e300)),
            ("layers", .array([.number(1)])), ("unknown", .null), ("overlay", .object([:])),
        ] {
            var reader = ParameterReader()
            #expect(throws: ClassificationError.self, "\(name) \(value)") { try reader.set(name, to: value) }
        }
    }
}
