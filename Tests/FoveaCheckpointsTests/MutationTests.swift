import Foundation
import FoveaSystem
import Testing

@testable import FoveaCheckpoints

/// Valid files with seeded damage: each is read or refused, never a crash, never slow.
struct MutationTests {
    @Test(arguments: [
        "types.safetensors", "writer.safetensors", "sharded/model.safetensors.index.json", "types.pth", "views.pth", "training.pth",
        "protocol4.pt",
        "unsigned.pt", "ema.pth", "negated.pth",
    ])
    func survivesDamage(name: String) throws {
        let whole = try Fixtures.bytes(name)
        // So that a failing mutation can be found again.
        var generator = SplitMix64(seed: UInt64(whole.count) << 8 | 1)
        let folder = try TemporaryFolder()
        if name.hasPrefix("sharded") {
            for shard in ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] {
                try folder.write(Fixtures.bytes("sharded/\(shard)"), as: shard)
            }
        }
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: whole.indices, using: &generator)
                guard place < bytes.count else { continue }
                switch Int.random(in: 0..<7, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][Int.random(in: 0..<5, using: &generator)]
                case 3: bytes.remove(at: place)
                case 4: bytes.insert(bytes[place], at: place)
                case 5:
                    for offset in place..<min(bytes.count, place + 4) { bytes[offset] = 0xFF }
                default:
                    let other = Int.random(in: whole.indices, using: &generator)
                    let length = min(16, bytes.count - max(place, min(other, bytes.count)))
                    guard length > 0 else { continue }
                    for offset in 0..<length { bytes[place + offset] = whole[min(other + offset, whole.count - 1)] }
                }
            }
            let file = try folder.write(bytes, as: (name as NSString).lastPathComponent)
            do throws(CheckpointError) {
                let checkpoint = try Checkpoint(file: file)
                for (_, tensor) in checkpoint.tensors { _ = try tensor.floats() }
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }
}
