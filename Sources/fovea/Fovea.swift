import ArgumentParser
import FoveaKernels
import FoveaServing
import FoveaSystem

@main
struct Fovea: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fovea", abstract: "Serves image classifiers with their attention maps.",
        version: FoveaVersion.text,
        subcommands: [Serve.self, Classify.self, Models.self, Inspect.self, Convert.self, Bench.self, ExplainEval.self])

    // On the main thread, the only one there is for sure.
    @MainActor static func main() async {
        StandardDescriptors.open()
        do {
            // One for each processor runs tasks, and one more.
            try ThreadShortage.check(ProcessorBudget.current() + 1)
        } catch {
            exit(withError: Failure(description: error.description))
        }
        BLASCore.choose()
        await main(nil)
    }

    // Before any of the subcommands, and not where only help or the version is asked for.
    func validate() throws {
        try InstructionSet.check()
    }
}
