import Foundation
import Testing

/// Runs a body in a folder that is removed afterwards, and must then hold nothing that begins with a dot.
func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
    #expect(left.filter { $0.hasPrefix(".") } == [])
}
