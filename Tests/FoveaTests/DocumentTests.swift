import Foundation
import Testing

/// The documents say what is there: every option, no other, and no link to nowhere.
@Suite struct DocumentTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: Executable.file(path)), encoding: .utf8)
    }

    private func matches(_ pattern: String, in text: String) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
        let all = NSRange(text.startIndex..., in: text)
        return expression.matches(in: text, range: all).compactMap { Range($0.range(at: 1), in: text).map { String(text[$0]) } }
    }

    @Test func operationsListsEveryOptionOfServeAndNoOther() throws {
        let help = try Executable.run("serve", "--help").output
        let offered = Set(try matches("^  (--[a-z-]+)", in: help)).subtracting(["--version"])
        let listed = try optionRows().flatMap { try matches("`(--[a-z-]+)`", in: $0[0]) }
        #expect(Set(listed) == offered)
        #expect(listed.count == Set(listed).count)
    }

    @Test func operationsTellsTheDefaultsThatHelpTells() throws {
        // As one line, since a default may be broken over two.
        let help = try Executable.run("serve", "--help").output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var count = 0
        for row in try optionRows() {
            let options = try matches("`(--[a-z-]+)`", in: row[0])
            let defaults = row[1].replacing("`", with: "").components(separatedBy: ", ")
            guard options.count == defaults.count else { continue }
            for (option, value) in zip(options, defaults) where value != "none" && !value.contains(" ") {
                let told = try matches("\(option) <[a-z-]+> [^<]*?\\(default: ([^)]*)\\)", in: help)
                #expect(told.first == value, "\(option)")
                count += 1
            }
        }
        #expect(count >= 16)
    }

    /// The cells of the table of `serve`'s options: the options, their defaults, what they mean.
    private func optionRows() throws -> [[String]] {
        let page = try text("docs/operations.md")
        let start = try #require(page.range(of: "## Options"))
        let end = try #require(page.range(of: "## Signals"))
        return page[start.upperBound..<end.lowerBound].split(separator: "\n").filter { $0.hasPrefix("| `--") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func everyLinkLeadsSomewhere() throws {
        let root = Executable.root
        var pages = ["README.md", "ARCHITECTURE.md", "BENCHMARKS.md"]
        for folder in ["docs", "weights", "weights/recipes", "Benchmarks"] {
            let names = try FileManager.default.contentsOfDirectory(atPath: Executable.file(folder))
            pages += names.filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        #expect(pages.count >= 15)
        for page in pages {
            let folder = root.appending(path: page).deletingLastPathComponent()
            for link in try matches(#"\]\(([^)\s]+)\)"#, in: try text(page)) where !link.hasPrefix("http") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let file = parts[0].isEmpty ? root.appending(path: page) : folder.appending(path: parts[0]).standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: file.path(percentEncoded: false)), "\(page): \(link)")
                guard parts.count == 2, file.pathExtension == "md" else { continue }
                let headings = try matches("^#+ (.+)$", in: String(contentsOf: file, encoding: .utf8)).map(Self.anchor)
                #expect(headings.contains(parts[1]), "\(page): \(link)")
            }
        }
    }

    /// As the hosts of repositories make them: lower case, spaces to hyphens, other signs left out.
    private static func anchor(_ heading: String) -> String {
        heading.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }.replacingOccurrences(of: " ", with: "-")
    }

    @Test func theBlockThatIsTheExampleIsShownAsItIs() throws {
        let parts = try text("docs/adding-a-block.md").components(separatedBy: "```swift\n")
        #expect(parts.count == 3)
        var whole: [String] = []
        for (before, after) in zip(parts, parts.dropFirst()) {
            let path = try #require(try matches("`(Sources/[^`]+)`", in: before).last)
            let shown = after.components(separatedBy: "```")[0]
            let file = try text(path)
            if before.hasSuffix("in full:\n\n") {
                #expect(file == shown, "\(path)")
                whole.append(path)
            } else {
                #expect(file.contains(shown.trimmingCharacters(in: .whitespacesAndNewlines)), "\(path)")
            }
        }
        #expect(whole == ["Sources/FoveaZoo/Blocks/SEAttention.swift"])
    }

    @Test func theDashboardAndTheAlertsAskForMetricsThatAreTold() throws {
        let known = Set(try matches("`((?:fovea|process)_[a-z_]+)", in: try text("docs/interface.md")))
        for file in ["deploy/grafana/fovea.json", "deploy/prometheus/alerts.yaml", "deploy/kubernetes/horizontal-pod-autoscaler.yaml"] {
            let asked = try matches("((?:fovea|process)_[a-z_]+)", in: try text(file))
            #expect(!asked.isEmpty)
            for name in asked {
                let family = ["_bucket", "_sum", "_count"].first(where: name.hasSuffix).map { String(name.dropLast($0.count)) } ?? name
                #expect(known.contains(name) || known.contains(family), "\(file): \(name)")
            }
        }
    }
}
