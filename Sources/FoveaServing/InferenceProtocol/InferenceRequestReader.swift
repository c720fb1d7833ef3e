import FoveaJSON

/// Reads the JSON of an inference request, and cuts the bytes behind it into tensors.
struct InferenceRequestReader {
    private var scanner: JSONScanner
    private let body: [UInt8]
    /// Where the next tensor that was sent as bytes begins; `nil` where there can be none.
    private var position: Int?

    /// - Parameter headerLength: the bytes of JSON; all of them where it is `nil`.
    init(_ body: [UInt8], headerLength: Int?) {
        self.body = body
        position = headerLength
        scanner = JSONScanner(body, count: headerLength)
    }

    mutating func request() throws(ClassificationError) -> InferenceRequest {
        var (request, inputs) = try asBadRequest { () throws(JSONFault) in try json() }
        for (index, (input, size)) in inputs.enumerated() {
            var input = input
            if let size { input.payload = .bytes(try take(size, place: "inputs[\(index)]")) }
            request.inputs.append(input)
        }
        if let position, position < body.count {
            throw .badRequest("The body has \(body.count - position) bytes more than its JSON and the inputs' binary_data_size together.")
        }
        return request
    }

    // MARK: -

    /// What the JSON holds: the request without its inputs, and those with the size of their bytes behind the JSON.
    private mutating func json() throws(JSONFault) -> (InferenceRequest, [(input: InferenceRequest.Input, size: Int?)]) {
        var request = InferenceRequest()
        var inputs: [(input: InferenceRequest.Input, size: Int?)] = []
        try scanner.object("the request") { scanner, key throws(JSONFault) in
            if try scanner.null() { return }
            switch key {
            case "id": request.id = try scanner.string("'id'")
            case "parameters":
                try Self.parameters(&scanner) { scanner, name throws(JSONFault) in
                    guard name == "binary_data_output" else { return try scanner.skip() }
                    request.isBinary = try scanner.bool("'binary_data_output'")
                }
            case "inputs":
                try scanner.array("'inputs'") { scanner, index throws(JSONFault) in
                    guard index < InferenceRequest.maxTensors else { throw scanner.fault("too many inputs") }
                    inputs.append(try Self.input(&scanner, place: "inputs[\(index)]"))
                }
            case "outputs":
                try scanner.array("'outputs'") { scanner, index throws(JSONFault) in
                    guard index < InferenceRequest.maxTensors else { throw scanner.fault("too many outputs") }
                    request.outputs.append(try Self.output(&scanner, place: "outputs[\(index)]"))
                }
            default: try scanner.skip()
            }
        }
        try scanner.finish()
        return (request, inputs)
    }

    private mutating func take(_ size: Int, place: String) throws(ClassificationError) -> ArraySlice<UInt8> {
        guard let start = position else {
            throw .badRequest("'\(place)' has binary_data_size, but the request has no Inference-Header-Content-Length field.")
        }
        guard size >= 0, size <= body.count - start else {
            throw .badRequest("'\(place)' has binary_data_size \(size), but \(body.count - start) bytes are left behind the JSON.")
        }
        position = start + size
        return body[start..<start + size]
    }

    private static func parameters(
        _ scanner: inout JSONScanner, _ read: (inout JSONScanner, String) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try scanner.object("'parameters'") { scanner, name throws(JSONFault) in
            if try scanner.null() { return }
            try read(&scanner, name)
        }
    }

    private static func input(
        _ scanner: inout JSONScanner, place: String
    ) throws(JSONFault) -> (InferenceRequest.Input, size: Int?) {
        var (name, datatype): (String?, String?)
        var shape: [Int]?
        var payload: InferenceRequest.Input.Payload?
        var size: Int?
        try scanner.object("'\(place)'") { scanner, key throws(JSONFault) in
            if try scanner.null() { return }
            switch key {
            case "name": name = try scanner.string("'\(place).name'")
            case "datatype": datatype = try scanner.string("'\(place).datatype'")
            case "shape":
                var extents: [Int] = []
                try scanner.array("'\(place).shape'") { scanner, index throws(JSONFault) in
                    let extent = try scanner.integer("'\(place).shape'")
                    guard extent >= 0, index < 16 else { throw scanner.fault("'\(place).shape' must hold few whole numbers from 0") }
                    extents.append(extent)
                }
                shape = extents
            case "data": payload = try data(&scanner, place: place)
            case "parameters":
                try parameters(&scanner) { scanner, name throws(JSONFault) in
                    if name == "binary_data_size" { size = try scanner.integer("'binary_data_size'") } else { try scanner.skip() }
                }
            default: try scanner.skip()
            }
        }
        guard let name, let datatype, let shape else {
            throw scanner.fault("'\(place)' needs 'name', 'datatype' and 'shape'")
        }
        guard (payload == nil) != (size == nil) else {
            throw scanner.fault("'\(place)' needs either 'data' or the parameter 'binary_data_size'")
        }
        return (InferenceRequest.Input(name: name, datatype: datatype, shape: shape, payload: payload ?? .bytes([])), size)
    }

    /// The tensor's elements, in rows within rows or all in one.
    private static func data(
        _ scanner: inout JSONScanner, place: String
    ) throws(JSONFault) -> InferenceRequest.Input.Payload {
        if try scanner.elementKind() == .string {
            var texts: [String] = []
            try scanner.strings("'\(place).data'", into: &texts, most: InferenceInputs.maxPictures)
            return .texts(texts)
        }
        var values: [Float] = []
        try scanner.numbers("'\(place).data'", into: &values)
        return .numbers(values)
    }

    private static func output(_ scanner: inout JSONScanner, place: String) throws(JSONFault) -> InferenceRequest.Output {
        var output = InferenceRequest.Output(name: "")
        try scanner.object("'\(place)'") { scanner, key throws(JSONFault) in
            if try scanner.null() { return }
            switch key {
            case "name": output.name = try scanner.string("'\(place).name'")
            case "parameters":
                try parameters(&scanner) { scanner, name throws(JSONFault) in
                    switch name {
                    case "binary_data": output.isBinary = try scanner.bool("'binary_data'")
                    case "classification":
                        let count = try scanner.integer("'classification'")
                        guard count >= 0 else { throw scanner.fault("'classification' must be a whole number from 0") }
                        // 0 is how clients say that they want the tensor itself.
                        output.classification = count > 0 ? count : nil
                    case "class":
                        let index = try scanner.integer("'class'")
                        guard index >= 0 else { throw scanner.fault("'class' must be a whole number from 0") }
                        output.classIndex = index
                    default: try scanner.skip()
                    }
                }
            default: try scanner.skip()
            }
        }
        guard !output.name.isEmpty else { throw scanner.fault("'\(place)' needs a 'name'") }
        return output
    }
}
