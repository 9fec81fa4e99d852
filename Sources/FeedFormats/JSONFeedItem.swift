/// An author object: what is a string in it (JSON Feed 1.1, "Top-level").
struct JSONAuthor {
    var name: String?
    var url: String?

    init(_ reader: inout JSONReader, wrong: inout JSONWrongMembers) {
        guard reader.next() == .object else {
            if reader.scalar() != .null { wrong.add("author") }
            return
        }
        _ = reader.object { reader, member in
            switch member {
            case "name": name = wrong.text(reader.scalar(), of: member)
            case "url": url = wrong.text(reader.scalar(), of: member)
            default: reader.skip()
            }
        }
    }

    /// The author as the byline shows them; a page or nothing but an avatar is no name.
    func parsed(base: String?) -> ParsedAuthor? {
        let address = url.flatMap { WebAddress.absolute($0, base: base, use: .resource) }
        guard let shown = CleanText.nonEmptyLine(name) ?? address ?? CleanText.nonEmptyLine(url) else { return nil }
        return ParsedAuthor(name: shown, url: address)
    }

    /// The authors of an array; of anything else none.
    static func list(
        _ reader: inout JSONReader, member: String, limit: Int, wrong: inout JSONWrongMembers
    ) -> [JSONAuthor] {
        guard reader.next() == .array else {
            if reader.scalar() != .null { wrong.add(member) }
            return []
        }
        var authors: [JSONAuthor] = []
        _ = reader.array { reader in
            guard authors.count < limit else { return }
            authors.append(JSONAuthor(&reader, wrong: &wrong))
        }
        return authors
    }
}

/// The members whose values are of the wrong type, each named once.
struct JSONWrongMembers {
    private(set) var names: [String] = []

    mutating func add(_ name: String) {
        if !names.contains(name) { names.append(name) }
    }

    /// The text of `scalar`; anything but a string or `null` is noted.
    mutating func text(_ scalar: JSONScalar, of name: String) -> String? {
        if case .string(let text) = scalar { return text }
        if scalar != .null { add(name) }
        return nil
    }
}

/// One item of a JSON Feed as it stands in the document, addresses and dates unread.
///
/// Read as a whole before anything is made of it, since members stand in any order, those of the feed behind its
/// items among them.
struct JSONFeedItem {
    /// An attached file.
    struct Attachment {
        var url: String?
        var type: String?
        var title: String?
        var size: Int64?
    }

    /// Members that are strings, by their names.
    var texts: [String: String] = [:]
    var id: JSONScalar = .null
    var authors: [JSONAuthor] = []
    /// The only author of version 1.
    var author: JSONAuthor?
    var tags: [String] = []
    var attachments: [Attachment] = []
    var wrong = JSONWrongMembers()
    /// Whether a member stands there twice; the last one holds.
    var hasDuplicates = false
    /// Whether its closing brace was seen.
    private(set) var isComplete = false

    private static let textMembers: Set<String> = [
        "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image",
        "date_published", "date_modified", "language",
    ]

    /// Reads the object that starts here.
    init(_ reader: inout JSONReader) {
        let limit = reader.limits.perEntry
        var seen: Set<String> = []
        isComplete = reader.object { reader, member in
            switch member {
            case "id": id = reader.scalar()
            case "authors":
                authors = JSONAuthor.list(&reader, member: member, limit: limit, wrong: &wrong)
            case "author": author = JSONAuthor(&reader, wrong: &wrong)
            case "tags": readTags(&reader, limit: limit)
            case "attachments": readAttachments(&reader, limit: limit)
            case let name where Self.textMembers.contains(name):
                texts[name] = wrong.text(reader.scalar(), of: name)
            default: return reader.skip()
            }
            if !seen.insert(member).inserted { hasDuplicates = true }
        }
    }

    private mutating func readTags(_ reader: inout JSONReader, limit: Int) {
        tags = []
        guard reader.next() == .array else {
            if reader.scalar() != .null { wrong.add("tags") }
            return
        }
        _ = reader.array { reader in
            guard tags.count < limit else { return }
            if let tag = wrong.text(reader.scalar(), of: "tags") { tags.append(tag) }
        }
    }

    private mutating func readAttachments(_ reader: inout JSONReader, limit: Int) {
        attachments = []
        guard reader.next() == .array else {
            if reader.scalar() != .null { wrong.add("attachments") }
            return
        }
        _ = reader.array { reader in
            guard attachments.count < limit else { return }
            guard reader.next() == .object else {
                if reader.scalar() != .null { wrong.add("attachments") }
                return
            }
            attachments.append(attachment(&reader))
        }
    }

    private mutating func attachment(_ reader: inout JSONReader) -> Attachment {
        var result = Attachment()
        _ = reader.object { reader, member in
            switch member {
            case "url": result.url = wrong.text(reader.scalar(), of: "attachment url")
            case "mime_type": result.type = wrong.text(reader.scalar(), of: "mime_type")
            case "title": result.title = wrong.text(reader.scalar(), of: "attachment title")
            case "size_in_bytes":
                let size = reader.scalar()
                result.size = size.count
                if size != .null, size.count == nil { wrong.add("size_in_bytes") }
            default: reader.skip()
            }
        }
        return result
    }
}
