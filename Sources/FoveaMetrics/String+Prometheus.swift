extension String {
    /// Text that ends neither its line nor, with `quotes`, the quotes around it. By code points: a quote or a line's end may be part of a longer
    /// character.
    func escapedForPrometheus(quotes: Bool = false) -> String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
