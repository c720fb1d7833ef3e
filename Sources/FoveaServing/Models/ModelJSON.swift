import FoveaGraph
import FoveaZoo

/// JSON of models, the same over HTTP and on the command line.
public enum ModelJSON {
    /// The body of `GET /models`.
    public static func listing(_ models: [ModelStatus]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("models") { writer in
                for model in models {
                    writer.object { summary(model, to: &$0) }
                }
            }
        }
        return writer.bytes
    }

    /// The body of `GET /models/{name}`.
    public static func detail(_ model: ModelStatus) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 16_384)
        writer.object { writer in
            summary(model, to: &writer)
            guard let description = model.description else { return }
            writer.member("labels", description.labels)
            writer.key("preprocessing")
            write(description.preprocessing, to: &writer)
            writer.member("multiply_adds", description.multiplyAdds)
            writer.key("layers")
            write(description.layers, to: &writer)
            writer.object("explanation") { writer in
                writer.member("exact_cam", description.hasExactCAM)
                writer.array("layers") { writer in
                    for layer in description.explanationLayers {
                        writer.object { writer in
                            writer.member("layer", layer.name)
                            writer.member("shape", layer.shape)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Writes layers as `fovea inspect --json` and `GET /models/{name}` show them.
    public static func write(_ layers: [Graph.Layer], to writer: inout JSONWriter) {
        writer.array { writer in
            for layer in layers {
                writer.object { writer in
                    writer.member("name", layer.name)
                    writer.member("operation", layer.operation)
                    writer.member("output_shape", layer.outputShape)
                    writer.member("parameters", layer.parameters)
                    writer.member("multiply_adds", layer.multiplyAdds)
                    writer.member("attention_kinds", layer.attentionKinds.map(\.rawValue))
                }
            }
        }
    }

    /// Writes how pictures are prepared, under the names of timm's `pretrained_cfg`.
    public static func write(_ preprocessing: ModelConfiguration.Preprocessing, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("input_size", preprocessing.inputSize)
            writer.member("interpolation", preprocessing.interpolation.rawValue)
            writer.member("crop_pct", preprocessing.cropFraction)
            writer.member("crop_mode", preprocessing.cropMode.rawValue)
            writer.member("mean", preprocessing.mean)
            writer.member("std", preprocessing.std)
            writer.member("orientation", preprocessing.orientation.rawValue)
        }
    }

    /// Every member is there in every state, `null` where it is not known, so that clients need not ask which are.
    private static func summary(_ model: ModelStatus, to writer: inout JSONWriter) {
        writer.member("name", model.name)
        writer.member("version", model.version)
        writer.key("architecture")
        writer.valueOrNull(model.description) { $0.value($1.architecture) }
        writer.member("state", model.state.rawValue)
        writer.member("default", model.isDefault)
        writer.key("input_size")
        writer.valueOrNull(model.description) { $0.value($1.inputSize) }
        writer.key("num_classes")
        writer.valueOrNull(model.description) { $0.value($1.numClasses) }
        writer.key("parameters")
        writer.valueOrNull(model.description) { $0.value($1.parameters) }
        writer.key("attention_layers")
        writer.valueOrNull(model.description) { $0.value($1.attentionLayers) }
        if let reason = model.reason {
            writer.member("reason", reason)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func valueOrNull<Value>(_ value: Value?, _ write: (inout JSONWriter, Value) -> Void) {
        if let value { write(&self, value) } else { raw(Array("null".utf8)) }
    }
}
