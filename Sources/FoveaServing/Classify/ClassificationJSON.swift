extension Classification {
    /// The response object of `POST /classify`.
    public func json() -> [UInt8] {
        let explanation = explanation ?? []
        let drawn = attention.reduce(0) { $0 + ($1.overlay?.count ?? 0) } + explanation.reduce(0) { $0 + ($1.overlay?.count ?? 0) }
        var writer = JSONWriter(
            reservingCapacity: Self.textBytes(numbers: numbers, maps: attention.count + explanation.count, classes: predictions.count)
                + (drawn + 2) / 3 * 4)
        write(to: &writer)
        return writer.bytes
    }

    /// About how many bytes an answer takes, without its drawings.
    static func textBytes(numbers: Int, maps: Int, classes: Int) -> Int {
        1024 + JSONWriter.numberBytes * numbers + 160 * maps + JSONWriter.classBytes * classes
    }

    /// Whether it takes long to write: then no worker, and none of Swift's threads, is to be kept from other work by it.
    var isLong: Bool { drawings != nil || numbers > ClassificationService.longAnswer }

    private var numbers: Int {
        attention.reduce(0) { $0 + ($1.values?.count ?? 0) } + (explanation ?? []).reduce(0) { $0 + ($1.values?.count ?? 0) }
    }

    /// Writes the response object of `POST /classify`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("model", model)
            writer.member("version", version)
            writer.array("predictions") { writer in
                for prediction in predictions { prediction.write(to: &writer) }
            }
            writer.array("attention") { writer in
                for map in attention { map.write(to: &writer) }
            }
            if let explanation {
                writer.array("explanation") { writer in
                    for map in explanation { map.write(to: &writer) }
                }
            }
            writer.key("image")
            image.write(to: &writer)
            writer.key("timing_ms")
            timing.write(to: &writer)
            writer.member("batch_size", batchSize)
        }
    }
}

extension Classification.Prediction {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("index", index)
            writer.member("label", label)
            writer.member("probability", probability)
            writer.member("logit", logit)
        }
    }
}

extension Classification.Attention {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("layer", layer)
            writer.member("kind", kind.rawValue)
            writer.member("shape", shape)
            if let size {
                writer.member("size", size)
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
            writer.member("method", method.rawValue)
            writer.member("layer", layer)
            writer.object("class") { writer in
                writer.member("index", classIndex)
                writer.member("label", label)
            }
            writer.member("shape", shape)
            writer.member("size", size)
            writer.members(min: min, max: max, mean: mean, values: values)
            writer.member(overlay: overlay)
        }
    }
}

extension Classification.Image {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("width", width)
            writer.member("height", height)
            writer.member("orientation", orientation)
            writer.object("crop") { writer in
                writer.member("x", crop.x)
                writer.member("y", crop.y)
                writer.member("width", crop.width)
                writer.member("height", crop.height)
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
