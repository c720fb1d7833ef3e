import FoveaHTTP

/// What admins do to a model, whichever protocol they ask in.
struct ModelAdministration: Sendable {
    let store: ModelStore
    /// Models are read here, one after another.
    let loader: BlockingPool

    /// Reads every version of a model again. Until that is done, and if it is refused, the model read before serves on.
    ///
    /// - Returns: where its default version stands now.
    func load(_ name: String) async throws(Problem) -> ModelStatus {
        let result = await loader.run { [store] () -> Result<ModelStatus, ClassificationError> in
            do throws(ClassificationError) {
                try store.reload(name)
                return .success(try store.status(name))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let status):
            if let reason = status.reason { throw Problem(.conflict, "The model '\(name)' was refused: \(reason)") }
            return status
        case .failure(let error): throw error.problem
        }
    }

    /// Lets every version of a model go, until it is loaded.
    ///
    /// - Returns: where its default version stands now.
    func unload(_ name: String) throws(Problem) -> ModelStatus {
        do throws(ClassificationError) {
            try store.unload(name)
            return try store.status(name)
        } catch {
            throw error.problem
        }
    }
}
