import Foundation
import FoveaZoo
import Testing

@testable import FoveaServing

@Suite struct ModelTableTests {
    private func candidate(
        _ version: Int, _ fingerprint: String = "first", refusal: String? = nil, isModelUnreadable: Bool = false
    ) -> ModelFolder.Candidate {
        ModelFolder.Candidate(
            name: "m", version: version, directory: URL(filePath: "/models/m/\(version)"), fingerprint: fingerprint, refusal: refusal,
            isModelUnreadable: isModelUnreadable)
    }

    /// Lists the model's versions, reads those that are to be read, and expects that they are these.
    private func expectRead(
        _ expected: [Int], of versions: [ModelFolder.Candidate], _ table: inout ModelTable, _ comment: Comment? = nil,
        at place: SourceLocation = #_sourceLocation
    ) throws {
        _ = table.scanned(["m": Dictionary(uniqueKeysWithValues: versions.map { ($0.version, $0) })])
        var read: [Int] = []
        while let candidate = table.takePending(of: nil) {
            read.append(candidate.version)
            if let refusal = candidate.refusal {
                _ = table.refused(candidate, refusal)
            } else {
                table.ready(candidate, try FakeNetwork(architecture: candidate.fingerprint))
            }
        }
        #expect(read == expected, comment, sourceLocation: place)
    }

    private func versions(_ table: ModelTable) -> [String] {
        table.statuses(of: "m").map { status in
            let architecture = status.description?.architecture ?? "-"
            return "\(status.version) \(architecture)" + (status.reason.map { ": \($0)" } ?? "")
        }
    }

    @Test func aVersionThatCannotBeListedHoldsUpNoOther() throws {
        var table = ModelTable(defaultModel: nil)
        try expectRead([3, 2, 1], of: [candidate(1), candidate(2), candidate(3)], &table)
        let unreadable = candidate(2, "", refusal: "no rights")
        try expectRead([4, 3, 2], of: [unreadable, candidate(3, "changed"), candidate(4)], &table)
        #expect(versions(table) == ["4 first", "3 changed", "2 first: no rights"], "1 is gone")
        try expectRead([2], of: [unreadable, candidate(3, "changed"), candidate(4)], &table, "it is tried anew, and told")
        try expectRead([2], of: [candidate(2), candidate(3, "changed"), candidate(4)], &table)
        #expect(versions(table) == ["4 first", "3 changed", "2 first"])
    }

    @Test func aModelThatCannotBeListedIsServedOnWithEachOfItsVersions() throws {
        var table = ModelTable(defaultModel: nil)
        try expectRead([2, 1], of: [candidate(1), candidate(2)], &table)
        let unreadable = candidate(1, "", refusal: "no rights", isModelUnreadable: true)
        try expectRead([2, 1], of: [unreadable], &table)
        #expect(versions(table) == ["2 first: no rights", "1 first: no rights"])
        #expect(try table.served("m", version: nil).get().version == "2")
        try expectRead([2], of: [candidate(2)], &table)
        #expect(versions(table) == ["2 first"])
        #expect(table.readings[ModelTable.Reading(model: "m", result: .refused)] == 2)
    }

    @Test func aVersionThatIsAddedToAnUnloadedModelWaitsForItToBeLoaded() throws {
        var table = ModelTable(defaultModel: nil)
        try expectRead([1], of: [candidate(1)], &table)
        table.unload("m")
        try expectRead([], of: [candidate(1), candidate(2)], &table)
        #expect(table.statuses(of: "m").map(\.state) == [.unloaded, .unloaded])
        table.scanned("m", [1: candidate(1), 2: candidate(2)])
        try expectRead([2, 1], of: [candidate(1), candidate(2)], &table)
        #expect(table.statuses(of: "m").map(\.state) == [.ready, .ready])
        // One that is gone, and comes back, is a new model.
        table.unload("m")
        _ = table.scanned([:])
        try expectRead([2], of: [candidate(2)], &table)
    }

    @Test func whatWasNeverReadIsRefusedWhereItCannotBeListed() throws {
        var table = ModelTable(defaultModel: nil)
        try expectRead([2, 1], of: [candidate(1), candidate(2, "", refusal: "no rights")], &table)
        #expect(table.statuses(of: "m").map(\.state) == [.refused, .ready])
        #expect(try table.served("m", version: nil).get().version == "1")
    }
}
