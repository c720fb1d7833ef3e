/// The protocol's JSON about the server and its models.
enum InferenceMetadata {
    /// The body of `GET /v2`.
    static func server() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", "fovea")
            writer.member("version", FoveaVersion.text)
            writer.member("extensions", ["binary_tensor_data", "classification", "model_repository"])
        }
        return writer.bytes
    }

    /// The body of `GET /v2/models/{model}`.
    static func model(_ description: ModelDescription, name: String, versions: [String]) -> [UInt8] {
        let tensors = InferenceTensors(description)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", name)
            writer.member("versions", versions)
            writer.member("platform", "pytorch_state_dict")
            writer.key("inputs")
            write(tensors.inputs, to: &writer)
            writer.key("outputs")
            write(tensors.outputs.map(\.tensor), to: &writer)
        }
        return writer.bytes
    }

    /// The body of `GET /v2/models/{model}/ready`.
    static func ready(_ name: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", name)
            writer.member("ready", true)
        }
        return writer.bytes
    }

    /// The body of `POST /v2/repository/index`.
    static func index(_ models: [ModelStatus]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for model in models {
                writer.object { writer in
                    writer.member("name", model.name)
                    writer.member("version", model.version)
                    writer.member("state", state(model))
                    writer.member("reason", model.reason ?? (model.state == .unloaded ? "unloaded" : ""))
                }
            }
        }
        return writer.bytes
    }

    private static func state(_ model: ModelStatus) -> String {
        switch model.state {
        case .ready: "READY"
        case .loading: "LOADING"
        case .refused, .unloaded: "UNAVAILABLE"
        }
    }

    private static func write(_ tensors: [InferenceTensors.Tensor], to writer: inout JSONWriter) {
        writer.array { writer in
            for tensor in tensors {
                writer.object { writer in
                    writer.member("name", tensor.name)
                    writer.member("datatype", tensor.datatype)
                    writer.member("shape", tensor.shape)
                }
            }
        }
    }
}
