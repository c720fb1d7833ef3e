extension StringProtocol {
    /// Text from outside as it may stand in a message, which may reach a terminal: without control characters, cut where it is long.
    ///
    /// - Parameter limit: the most code points; a character, with all that is put over it, may have any number.
    package func shown(limit: Int = 120) -> String {
        var shown = ""
        for (count, scalar) in unicodeScalars.enumerated() {
            if count == limit { return shown + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
