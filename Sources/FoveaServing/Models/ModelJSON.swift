import FoveaGraph
import FoveaZoo

/// JSON of models, the same over HTTP and on the command line.
public enum ModelJSON {
    /// The body of `GET /models`.
    public static func listing(_ models: [ModelStatus]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("models")
            writer.array { writer in
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
            writer.key("labels")
            writer.value(description.labels)
            writer.key("preprocessing")
            write(description.preprocessing, to: &writer)
            writer.key("layers")
            write(description.layers, to: &writer)
            writer.key("explanation")
            writer.object { writer in
                writer.key("exact_cam")
                writer.value(description.hasExactCAM)
                writer.key("layers")
                writer.array { writer in
                    for layer in description.explanationLayers {
                        writer.object { writer in
                            writer.key("layer")
                            writer.value(layer.name)
                            writer.key("shape")
                            writer.value(layer.shape)
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
                    writer.key("name")
                    writer.value(layer.name)
                    writer.key("operation")
                    writer.value(layer.operation)
                    writer.key("output_shape")
                    writer.value(layer.outputShape)
                    writer.key("parameters")
                    writer.value(layer.parameters)
                    writer.key("multiply_adds")
                    writer.value(layer.multiplyAdds)
                    writer.key("attention_kinds")
                    writer.value(layer.attentionKinds.map(\.rawValue))
                }
            }
        }
    }

    /// Writes how pictures are prepared, under the names of timm's `pretrained_cfg`.
    public static func write(_ preprocessing: ModelConfiguration.Preprocessing, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("input_size")
            writer.value(preprocessing.inputSize)
            writer.key("interpolation")
            writer.value(preprocessing.interpolation.rawValue)
            writer.key("crop_pct")
            writer.value(preprocessing.cropFraction)
            writer.key("crop_mode")
            writer.value(preprocessing.cropMode.rawValue)
            writer.key("mean")
            writer.value(preprocessing.mean)
            writer.key("std")
            writer.value(preprocessing.std)
            writer.key("orientation")
            writer.value(preprocessing.orientation.rawValue)
        }
    }

    /// Every member is there in every state, `null` where it is not known, so that clients need not ask which are.
    private static func summary(_ model: ModelStatus, to writer: inout JSONWriter) {
        writer.key("name")
        writer.value(model.name)
        writer.key("version")
        writer.value(model.version)
        writer.key("architecture")
        writer.valueOrNull(model.description) { $0.value($1.architecture) }
        writer.key("state")
        writer.value(model.state.rawValue)
        writer.key("default")
        writer.value(model.isDefault)
        writer.key("input_size")
        writer.valueOrNull(model.description) { $0.value($1.inputSize) }
        writer.key("num_classes")
        writer.valueOrNull(model.description) { $0.value($1.numClasses) }
        writer.key("parameters")
        writer.valueOrNull(model.description) { $0.value($1.parameters) }
        writer.key("attention_layers")
        writer.valueOrNull(model.description) { $0.value($1.attentionLayers) }
        if let reason = model.reason {
            writer.key("reason")
            writer.value(reason)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func valueOrNull<Value>(_ value: Value?, _ write: (inout JSONWriter, Value) -> Void) {
        if let value { write(&self, value) } else { raw(Array("null".utf8)) }
    }
}
