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

    /// The picture with one channel, as Pillow's `convert("L")` (the macro `L24` in its Convert.c): ITU-R 601-2 luma in 16-bit fixed point, rounded.
    public var grey: Picture {
        guard channels == 3 else { return self }
        return Picture(width: width, height: height, channels: 1) { out in
            pixels.withUnsafeBufferPointer { source in
                guard let rgb = source.baseAddress else { return }
                for i in 0..<width * height {
                    let sum = UInt32(rgb[3 * i]) &* 19595 &+ UInt32(rgb[3 * i + 1]) &* 38470 &+ UInt32(rgb[3 * i + 2]) &* 7471
                    out[i] = UInt8(truncatingIfNeeded: (sum &+ 0x8000) >> 16)
                }
            }
        }
    }
}
