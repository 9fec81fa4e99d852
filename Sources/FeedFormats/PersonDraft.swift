/// A person while it is read: child elements (RFC 4287 §3.2), or a text that says it all.
struct PersonDraft {
    private var name: String?
    private var url: String?
    private var mail: String?
    private var loose = ""

    /// Takes a closed child of the person.
    mutating func close(_ element: FeedElement, text: String, base: String?) {
        switch element.name.small {
        case "name": name = CleanText.nonEmptyLine(text)
        case "uri", "url", "homepage": url = WebAddress.absolute(text, base: base, use: .resource)
        case "email": mail = CleanText.nonEmptyLine(text)
        default: if loose.utf8.count < 1000 { loose += text }
        }
    }

    /// The person, or `nil` when nothing was said.
    ///
    /// - Parameter looseText: The text around the children.
    func finish(looseText: String) -> ParsedAuthor? {
        guard let said = name ?? mail ?? url else { return Byline.author(looseText + loose) }
        guard name != nil, mail == nil else { return ParsedAuthor(name: said, url: url, mail: mail) }
        // Some write the mail address into the name as well.
        var author = Byline.author(said) ?? ParsedAuthor(name: said)
        author.url = url
        return author
    }
}

/// Reads the ways in which feeds write a person.
enum Byline {
    /// `me@example.com (Jane Doe)`, `Jane Doe <me@example.com>`, `Jane Doe`, or an address alone.
    static func author(_ text: String) -> ParsedAuthor? {
        // Not as HTML: `Jane Doe <me@example.com>` would lose its end.
        guard let line = CleanText.nonEmptyLine(String(text.prefix(1000))) else { return nil }
        let plain =
            line.contains("<") && !line.contains("@") || line.contains("&") ? PlainText.line(line) : line
        guard plain.contains("@"), let mail = plain.split(whereSeparator: isDelimiter).first(where: isMail) else {
            return plain.nonEmpty.map { ParsedAuthor(name: $0) }
        }
        var address = mail
        if address.lowercased().hasPrefix("mailto:") { address = address.dropFirst(7) }
        let around = [plain[..<mail.startIndex], plain[mail.endIndex...]].map { part in
            part.trimming { isDelimiter($0) || ",;:-".contains($0) }
        }
        let name = CleanText.nonEmptyLine(around.filter { !$0.isEmpty }.joined(separator: " "))
        return ParsedAuthor(name: name ?? String(address), mail: String(address))
    }

    private static func isDelimiter(_ character: Character) -> Bool { " <>()[]\"".contains(character) }

    private static func isMail(_ text: Substring) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].dropFirst().dropLast().contains(".")
    }
}

extension Substring {
    /// Without the characters at both ends that `isTrimmed` holds for.
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        var result = self.drop(while: isTrimmed)
        while let last = result.last, isTrimmed(last) { result.removeLast() }
        return result
    }
}
