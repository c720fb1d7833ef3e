import ArgumentParser
import FoveaServing
import FoveaSystem

@main
struct Fovea: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fovea", abstract: "Serves image classifiers with their attention maps.",
        version: FoveaVersion.text,
        subcommands: [Serve.self, Classify.self, Models.self, Inspect.self, Convert.self, Bench.self, ExplainEval.self])

    static func main() async {
        StandardDescriptors.open()
        BLASCore.choose()
        await main(nil)
    }
}
