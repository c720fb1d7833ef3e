import FoveaHTTP

/// What admins do to a model, whichever protocol they ask in.
struct ModelAdministration: Sendable {
    let store: ModelStore
    /// Models are read here, one after another.
    let loader: BlockingPool

    /// Reads every version of a model again. Until that is done, and if it is refused, the model read before serves on.
    ///
    /// - Returns: where its default version stands now.
    /// - Throws: 409 where any version was refused, so that one that is not served after all does not pass for deployed. The others were
    ///   read all the same.
    func load(_ name: String) async throws(Problem) -> ModelStatus {
        let result = await loader.run { [store] () -> Result<(refused: [ModelStatus], status: ModelStatus), ClassificationError> in
            do throws(ClassificationError) {
                let refused = try store.reload(name)
                return .success((refused, try store.status(name)))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let (refused, status)):
            guard refused.isEmpty else {
                let reasons = refused.map { "Version \($0.version) of the model '\(name)' was refused: \($0.reason ?? "")" }
                throw Problem(.conflict, reasons.joined(separator: " "))
            }
            return status
        case .failure(let error): throw error.problem
        }
    }

    /// Lets every version of a model go, until it is loaded.
    ///
    /// - Returns: where its default version stands now.
    func unload(_ name: String) throws(Problem) -> ModelStatus {
        try asProblem { () throws(ClassificationError) in
            try store.unload(name)
            return try store.status(name)
        }
    }
}
