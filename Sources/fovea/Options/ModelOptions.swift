import ArgumentParser
import FoveaServing

/// The models that an offline command reads, and the threads that it runs them on.
struct ModelOptions: ParsableArguments {
    @OptionGroup var store: StoreOptions

    @Option(help: "Threads for passes. (default: what the affinity mask and the control group allow)")
    var threads: Int?

    /// The threads to use.
    func threadCount() throws -> Int { try Environment().threads(threads) }

    /// A store with only `model` in it, as ``StoreOptions/load(_:threads:)`` has it.
    func load(_ model: String?) throws -> (store: ModelStore, name: String) { try store.load(model, threads: try threadCount()) }
}
