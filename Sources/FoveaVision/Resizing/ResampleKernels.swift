/// The two passes of Pillow's 8-bit resampling. Each output sums `pixel * weight` in 32-bit integers from one half on, shifts the binary point
/// out and clips; integer sums have no order, so vectors change nothing.
///
/// Callers give weights made for the picture: every `start + count` lies within it.
enum ResampleKernels {
    private static let half: Int32 = 1 << (ResampleWeights.precision - 1)

    /// The `rows` of `picture`, each resampled to one pixel per weight list.
    static func horizontal(_ picture: Picture, rows: Range<Int>, _ weights: ResampleWeights) -> Picture {
        let columns = weights.starts.count
        return Picture(width: columns, height: rows.count, channels: picture.channels) { out in
            picture.pixels.withUnsafeBufferPointer { pixels in
                weights.weights.withUnsafeBufferPointer { kernel in
                    weights.starts.withUnsafeBufferPointer { starts in
                        weights.counts.withUnsafeBufferPointer { counts in
                            guard let pixels = pixels.baseAddress, let kernel = kernel.baseAddress, let starts = starts.baseAddress,
                                let counts = counts.baseAddress
                            else { return }
                            let stride = picture.width * picture.channels
                            for (index, row) in rows.enumerated() {
                                let line = pixels + row * stride
                                let to = out + index * columns * picture.channels
                                if picture.channels == 1 {
                                    greyRow(line, to, columns, starts, counts, kernel, weights.stride)
                                } else if row < picture.height - 1 {
                                    colorRow(line, to, columns, starts, counts, kernel, weights.stride)
                                } else {
                                    // A pixel is loaded with the byte after it, which the last row has not.
                                    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: stride + 1) { copy in
                                        guard let base = copy.baseAddress else { return }
                                        base.initialize(from: line, count: stride)
                                        base[stride] = 0
                                        colorRow(base, to, columns, starts, counts, kernel, weights.stride)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func colorRow(
        _ line: UnsafePointer<UInt8>, _ out: UnsafeMutablePointer<UInt8>, _ columns: Int, _ starts: UnsafePointer<Int>,
        _ counts: UnsafePointer<Int>, _ kernel: UnsafePointer<Int32>, _ stride: Int
    ) {
        for x in 0..<columns {
            var sum = SIMD4<Int32>(repeating: half)
            let source = UnsafeRawPointer(line + 3 * starts[x])
            let weights = kernel + x * stride
            for tap in 0..<counts[x] {
                let pixel = unsafeBitCast(source.loadUnaligned(fromByteOffset: 3 * tap, as: UInt32.self), to: SIMD4<UInt8>.self)
                sum &+= SIMD4<Int32>(truncatingIfNeeded: pixel) &* weights[tap]
            }
            let to = out + 3 * x
            to[0] = clip(sum[0])
            to[1] = clip(sum[1])
            to[2] = clip(sum[2])
        }
    }

    @inline(__always)
    private static func greyRow(
        _ line: UnsafePointer<UInt8>, _ out: UnsafeMutablePointer<UInt8>, _ columns: Int, _ starts: UnsafePointer<Int>,
        _ counts: UnsafePointer<Int>, _ kernel: UnsafePointer<Int32>, _ stride: Int
    ) {
        for x in 0..<columns {
            var sum = half
            let source = line + starts[x]
            let weights = kernel + x * stride
            for tap in 0..<counts[x] { sum &+= Int32(source[tap]) &* weights[tap] }
            out[x] = clip(sum)
        }
    }

    @inline(__always)
    private static func clip(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(sum >> ResampleWeights.precision, 0), 255))
    }

    /// The `columns` of `picture`, resampled to one row per weight list.
    static func vertical(_ picture: Picture, columns: Range<Int>, _ weights: ResampleWeights) -> Picture {
        let stride = picture.width * picture.channels
        let count = columns.count * picture.channels
        return Picture(width: columns.count, height: weights.starts.count, channels: picture.channels) { out in
            picture.pixels.withUnsafeBufferPointer { pixels in
                weights.weights.withUnsafeBufferPointer { kernel in
                    guard let pixels = pixels.baseAddress, let kernel = kernel.baseAddress else { return }
                    let first = pixels + columns.lowerBound * picture.channels
                    for row in 0..<weights.starts.count {
                        blend(
                            first + weights.starts[row] * stride, stride, out + row * count, count, kernel + row * weights.stride,
                            weights.counts[row])
                    }
                }
            }
        }
    }

    /// `taps` stretches of `count` bytes, `stride` apart, weighted into one.
    @inline(__always)
    private static func blend(
        _ source: UnsafePointer<UInt8>, _ stride: Int, _ out: UnsafeMutablePointer<UInt8>, _ count: Int, _ weights: UnsafePointer<Int32>,
        _ taps: Int
    ) {
        var x = 0
        while x + 16 <= count {
            var sum = SIMD16<Int32>(repeating: half)
            for tap in 0..<taps {
                let bytes = UnsafeRawPointer(source + tap * stride + x).loadUnaligned(as: SIMD16<UInt8>.self)
                sum &+= SIMD16<Int32>(truncatingIfNeeded: bytes) &* weights[tap]
            }
            let shifted = sum &>> SIMD16<Int32>(repeating: ResampleWeights.precision)
            let clipped = shifted.clamped(lowerBound: SIMD16(repeating: 0), upperBound: SIMD16(repeating: 255))
            UnsafeMutableRawPointer(out + x).storeBytes(of: SIMD16<UInt8>(truncatingIfNeeded: clipped), as: SIMD16<UInt8>.self)
            x += 16
        }
        while x < count {
            var sum = half
            for tap in 0..<taps { sum &+= Int32(source[tap * stride + x]) &* weights[tap] }
            out[x] = clip(sum)
            x += 1
        }
    }
}
