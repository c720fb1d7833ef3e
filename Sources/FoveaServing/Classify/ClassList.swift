import FoveaGraph
import FoveaSystem

/// The classes that a request wants explained: `3`, or up to five as `3,5`.
enum ClassList {
    /// Reads them from a parameter's text.
    static func read(_ text: String, _ name: String) throws(ClassificationError) -> [Int] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= ExplanationRequest.maxClasses else {
            throw .badRequest("The parameter '\(name)' lists \(parts.count) classes; \(ExplanationRequest.maxClasses) are allowed at once.")
        }
        var classes: [Int] = []
        for part in parts {
            guard let index = Int(digits: part.trimmed.utf8) else {
                throw .badRequest(
                    "The parameter '\(name)' is '\(text.abbreviated)'; expected a class's index from 0, or up to "
                        + "\(ExplanationRequest.maxClasses) separated by commas.")
            }
            guard !classes.contains(index) else { throw .badRequest("The parameter '\(name)' names the class \(index) twice.") }
            classes.append(index)
        }
        return classes
    }

    /// Refuses classes that the model does not have.
    static func check(_ classes: [Int], _ name: String, of description: ModelDescription, model: String) throws(ClassificationError) {
        for index in classes where index >= description.numClasses {
            throw .badRequest(
                "The parameter '\(name)': there is no class \(index); those of the model '\(model)' are 0 to \(description.numClasses - 1)."
            )
        }
    }
}
