extension Picture {
    /// The picture with three channels: grey is repeated, as Pillow's `convert("RGB")`.
    public var rgb: Picture {
        guard channels == 1 else { return self }
        return Picture(width: width, height: height, channels: 3) { out in
            pixels.withUnsafeBufferPointer { source in
                guard let grey = source.baseAddress else { return }
                for i in 0..<source.count {
                    out[3 * i] = grey[i]
                    out[3 * i + 1] = grey[i]
                    out[3 * i + 2] = grey[i]
                }
            }
        }
    }
}
