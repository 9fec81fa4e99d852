extension Article {
    /// The standfirst, unless the text begins with its words: most feeds have one description, which is both, and nobody
    /// wants to read it twice.
    ///
    /// - Complexity: O(n) in the standfirst, and what stands before its end in the text.
    public var standfirstBesideText: String? {
        guard let standfirst else { return nil }
        var text = TextOpening(bodyText)
        var last: Unicode.Scalar?
        for scalar in standfirst.unicodeScalars where scalar.isLetterOrNumber {
            guard text.next() == scalar else { return standfirst }
            last = scalar
        }
        guard let last else { return standfirst }
        // 5 is not what 50 begins with.
        let isCut = last.properties.numericType != nil && text.next()?.properties.numericType != nil
        return isCut ? standfirst : nil
    }
}

/// The letters and numbers of a plain text, without those of its marks: numbers of list items and links, and images.
private struct TextOpening {
    private var rest: Substring.UnicodeScalarView
    private var isAtStart = true

    init(_ text: String) { rest = Substring(text).unicodeScalars }

    mutating func next() -> Unicode.Scalar? {
        while !rest.isEmpty {
            if isAtStart { skipNumber(endingWith: ".") }
            guard let scalar = rest.popFirst() else { return nil }
            if scalar == "[" { skipBrackets() }
            isAtStart = scalar == "\n" || isAtStart && !scalar.isLetterOrNumber
            if scalar.isLetterOrNumber { return scalar }
        }
        return nil
    }

    private mutating func skipNumber(endingWith end: Unicode.Scalar) {
        let behind = rest.drop { ("0"..."9").contains($0) }
        if behind.startIndex != rest.startIndex, behind.first == end { rest = behind.dropFirst() }
    }

    private mutating func skipBrackets() {
        if rest.starts(with: "Image".unicodeScalars) {
            rest = rest.drop { $0 != "]" }
        } else {
            skipNumber(endingWith: "]")
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isLetterOrNumber: Bool { properties.isAlphabetic || properties.numericType != nil }
}
