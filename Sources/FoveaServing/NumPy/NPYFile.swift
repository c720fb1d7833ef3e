/// NumPy's file of one array (numpy.lib.format, version 1.0), which `numpy.load` reads.
enum NPYFile {
    /// The bytes of a file of float32 numbers, row-major, little-endian.
    static func bytes(_ values: [Float], shape: [Int]) -> [UInt8] {
        let extents = shape.map(String.init).joined(separator: ", ")
        // A tuple of one has a comma behind it.
        let description = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)\(shape.count == 1 ? "," : "")), }"
        // Magic, version, and two bytes for the header's length; then the header, filled up with spaces to a line end at a multiple of 64.
        let fixed = 10
        let length = (fixed + description.utf8.count + 1 + 63) / 64 * 64 - fixed
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fixed + length + 4 * values.count)
        bytes += [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
        bytes += Array(description.utf8)
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: length - description.utf8.count - 1)
        bytes.append(UInt8(ascii: "\n"))
        for value in values {
            let bits = value.bitPattern
            for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift))) }
        }
        return bytes
    }
}
