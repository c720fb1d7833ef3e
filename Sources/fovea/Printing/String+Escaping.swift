extension String {
    /// The text with some code points written otherwise. Code points and not characters: a quote under an accent is a quote to whoever reads the file.
    func escaping(_ spellings: [Unicode.Scalar: String]) -> String {
        var text = ""
        for scalar in unicodeScalars {
            if let spelling = spellings[scalar] { text += spelling } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
