extension Classification {
    /// The response object of `POST /classify`.
    public func json() -> [UInt8] {
        let explanation = explanation ?? []
        let floats =
            attention.reduce(0) { $0 + ($1.values?.count ?? 0) } + explanation.reduce(0) { $0 + ($1.values?.count ?? 0) }
        let drawn = attention.reduce(0) { $0 + ($1.overlay?.count ?? 0) } + explanation.reduce(0) { $0 + ($1.overlay?.count ?? 0) }
        var writer = JSONWriter(
            reservingCapacity: 1024 + 12 * floats + 160 * (attention.count + explanation.count) + (drawn + 2) / 3 * 4)
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the response object of `POST /classify`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("model")
            writer.value(model)
            writer.key("version")
            writer.value(version)
            writer.key("predictions")
            writer.array { writer in
                for prediction in predictions { prediction.write(to: &writer) }
            }
            writer.key("attention")
            writer.array { writer in
                for map in attention { map.write(to: &writer) }
            }
            if let explanation {
                writer.key("explanation")
                writer.array { writer in
                    for map in explanation { map.write(to: &writer) }
                }
            }
            writer.key("image")
            image.write(to: &writer)
            writer.key("timing_ms")
            timing.write(to: &writer)
            writer.key("batch_size")
            writer.value(batchSize)
        }
    }
}

extension Classification.Prediction {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("index")
            writer.value(index)
            writer.key("label")
            writer.value(label)
            writer.key("probability")
            writer.value(probability)
            writer.key("logit")
            writer.value(logit)
        }
    }
}

extension Classification.Attention {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("layer")
            writer.value(layer)
            writer.key("kind")
            writer.value(kind.rawValue)
            writer.key("shape")
            writer.value(shape)
            if let size {
                writer.key("size")
                writer.value(size)
            }
            writer.members(min: min, max: max, mean: mean, values: values)
            summary?.write(to: &writer)
            writer.member(overlay: overlay)
        }
    }
}

extension Classification.Explanation {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("method")
            writer.value(method.rawValue)
            writer.key("layer")
            writer.value(layer)
            writer.key("class")
            writer.object { writer in
                writer.key("index")
                writer.value(classIndex)
                writer.key("label")
                writer.value(label)
            }
            writer.key("shape")
            writer.value(shape)
            writer.key("size")
            writer.value(size)
            writer.members(min: min, max: max, mean: mean, values: values)
            writer.member(overlay: overlay)
        }
    }
}

extension Classification.Image {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("width")
            writer.value(width)
            writer.key("height")
            writer.value(height)
            writer.key("orientation")
            writer.value(orientation)
            writer.key("crop")
            writer.object { writer in
                writer.key("x")
                writer.value(crop.x)
                writer.key("y")
                writer.value(crop.y)
                writer.key("width")
                writer.value(crop.width)
                writer.key("height")
                writer.value(crop.height)
            }
        }
    }
}

extension Classification.Timing {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for (name, duration) in [
                ("decode", decode), ("preprocess", preprocess), ("queue", queue), ("inference", inference), ("total", total),
            ] {
                writer.key(name)
                writer.milliseconds(duration)
            }
        }
    }
}

/// What attention maps and explanations have in common.
extension JSONWriter {
    fileprivate mutating func members(min: Float, max: Float, mean: Float, values: [Float]?) {
        key("min")
        value(min)
        key("max")
        value(max)
        key("mean")
        value(mean)
        if let values {
            key("values")
            value(values)
        }
    }

    fileprivate mutating func member(overlay: [UInt8]?) {
        if let overlay {
            key("overlay")
            base64(overlay)
        }
    }
}
