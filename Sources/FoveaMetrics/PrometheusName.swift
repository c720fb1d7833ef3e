/// Names as Prometheus' [data model](https://prometheus.io/docs/concepts/data_model/) has them, made of whatever a library asks for.
enum PrometheusName {
    /// Letters, digits, underscores and colons stay; each other code point becomes an underscore. An underscore goes before a digit at the start, and is the
    /// name where there is none.
    static func metric(_ text: String) -> String {
        valid(text) { $0 == ":" }
    }

    /// As a metric's name, but a colon becomes an underscore as well. `le`, which tells a bucket's bound, and names that begin with two underscores,
    /// which Prometheus keeps for itself, get `exported_` in front.
    static func label(_ text: String) -> String {
        let name = valid(text) { _ in false }
        return name == "le" || name.hasPrefix("__") ? "exported_" + name : name
    }

    private static func valid(_ text: String, and isAllowed: (Unicode.Scalar) -> Bool) -> String {
        var name = ""
        if text.unicodeScalars.first.map({ "0"..."9" ~= $0 }) ?? true { name = "_" }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": name.unicodeScalars.append(scalar)
            default: name.unicodeScalars.append(isAllowed(scalar) ? scalar : "_")
            }
        }
        return name
    }
}
