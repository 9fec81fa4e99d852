import struct FoundationEssentials.Data

/// Decodes a web page.
enum PageText {
    /// The page as UTF-8: by its byte order mark, the header, its `meta` element, else as UTF-8 (HTML §13.2.3).
    static func decode(_ html: Data, contentType: String?) -> DocumentText {
        let named = contentType?.lowercased().contains("charset") == true
        guard !named, let label = metaCharset(in: html.prefix(1024)) else {
            return DocumentText(html, contentType: contentType)
        }
        return DocumentText(html, contentType: "text/html; charset=\(label)")
    }

    private static func metaCharset(in head: Data) -> String? {
        [UInt8](head).withUnsafeBufferPointer { bytes in
            var tokenizer = HTMLTokenizer(bytes)
            while let token = tokenizer.next() {
                guard case .start(PageTag.meta) = token else { continue }
                let tag = TagAttributes(tokenizer)
                if let label = tag["charset"] { return label }
                guard tag["http-equiv"]?.lowercased() == "content-type",
                    let content = tag["content"]?.lowercased(),
                    let label = content.split(separator: ";").compactMap(charset).first
                else { continue }
                return label
            }
            return nil
        }
    }

    private static func charset(_ parameter: Substring) -> String? {
        let parts = parameter.split(separator: "=", maxSplits: 1).map { CleanText.line(String($0)) }
        return parts.count == 2 && parts[0] == "charset" ? parts[1] : nil
    }
}

/// The tags that matter to discovery.
private enum PageTag {
    static let meta = HTMLName("meta")
    static let base = HTMLName("base")
    static let link = HTMLName("link")
    static let title = HTMLName("title")
    static let a = HTMLName("a")
    /// What stands in these is no markup.
    static let raw: Set<HTMLName> = Set(
        ["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"].map { HTMLName($0) })
}

/// The attributes of the start tag that a tokenizer has just read: those that discovery looks at.
struct TagAttributes {
    private var values: [String: String] = [:]

    private static let wanted: Set<String> = ["rel", "type", "href", "title", "charset", "http-equiv", "content"]

    init(_ tokenizer: borrowing HTMLTokenizer) {
        let rules = HTMLAttributeRules(base: nil)
        for attribute in tokenizer.attributes where attribute.name.count <= 12 {
            let name = String(decoding: tokenizer.bytes[attribute.name], as: UTF8.self).lowercased()
            guard Self.wanted.contains(name), values[name] == nil,
                attribute.value.count <= AddressParts.maximumBytes
            else { continue }
            var value: [UInt8] = []
            rules.decode(
                UnsafeBufferPointer(rebasing: tokenizer.bytes[attribute.value]), inAttribute: true, into: &value)
            values[name] = CleanText.line(String(decoding: value, as: UTF8.self))
        }
    }

    subscript(_ name: String) -> String? { values[name] }
}

/// Collects what in a page may be a feed.
struct PageScanner {
    /// Something that may be a feed, its address as written.
    struct Candidate {
        var reference: String
        var title: String?
        var type: String?
        var isDeclared: Bool
        /// 0 is best.
        var rank: Int

        /// The address without `feed:`, which promises a feed (`feed://host/`, `feed:https://host/`).
        var webReference: String {
            guard reference.lowercased().hasPrefix("feed:") else { return reference }
            let rest = reference.dropFirst(5)
            return rest.hasPrefix("//") ? "http:" + rest : String(rest)
        }
    }

    /// The first `<base href>`; it holds for the whole page, what stands before it too (HTML §4.2.3).
    private(set) var base: String?
    private(set) var candidates: [Candidate] = []

    private var tokenizer: HTMLTokenizer
    /// Links in a row: their own bound, so that they cannot push out what is declared behind them.
    private var linkCount = 0
    private var openLink: Int?
    private var linkText: [UInt8] = []

    private static let maximumEach = 1000
    private static let linkTextBytes = 800

    init(_ bytes: UnsafeBufferPointer<UInt8>) { tokenizer = HTMLTokenizer(bytes) }

    mutating func run() {
        let hasTitleEnd = tokenizer.hasEndTag(PageTag.title)
        while let token = tokenizer.next() {
            switch token {
            case .start(let name): start(name, hasTitleEnd: hasTitleEnd)
            case .end(PageTag.a): closeLink()
            case .text(let range) where openLink != nil: addText(range)
            default: break
            }
        }
        closeLink()
    }

    private mutating func start(_ name: HTMLName, hasTitleEnd: Bool) {
        switch name {
        case PageTag.base: if base == nil { base = TagAttributes(tokenizer)["href"] }
        case PageTag.link: addDeclared(TagAttributes(tokenizer))
        case PageTag.a:
            closeLink()
            addLink(TagAttributes(tokenizer))
        // One that never ends would hide the whole page.
        case PageTag.title: if hasTitleEnd { tokenizer.skipRaw(until: name) }
        case _ where PageTag.raw.contains(name): tokenizer.skipRaw(until: name)
        default: break
        }
    }

    private mutating func addDeclared(_ tag: TagAttributes) {
        guard candidates.count - linkCount < Self.maximumEach, let reference = tag["href"], !reference.isEmpty
        else { return }
        let relations = (tag["rel"] ?? "").lowercased().split(separator: " ")
        guard relations.contains("alternate") || relations.contains("feed"), !relations.contains("stylesheet")
        else { return }
        let type = Self.mediaType(tag["type"])
        guard let rank = Self.rank(type: type, reference: reference, isFeed: relations.contains("feed"))
        else { return }
        candidates.append(
            Candidate(reference: reference, title: tag["title"], type: type, isDeclared: true, rank: rank))
    }

    private mutating func addLink(_ tag: TagAttributes) {
        guard linkCount < Self.maximumEach, let reference = tag["href"] else { return }
        let isPromised = reference.lowercased().hasPrefix("feed:")
        guard isPromised || FeedAddress.looksLikeFeed(reference) else { return }
        linkCount += 1
        candidates.append(
            Candidate(
                reference: reference, title: tag["title"], type: Self.mediaType(tag["type"]), isDeclared: false, rank: 4
            ))
        if (tag["title"] ?? "").isEmpty { openLink = candidates.count - 1 }
    }

    private mutating func addText(_ range: Range<Int>) {
        guard linkText.count < Self.linkTextBytes else { return }
        let piece = UnsafeBufferPointer(rebasing: tokenizer.bytes[range].prefix(Self.linkTextBytes))
        HTMLAttributeRules(base: nil).decode(piece, inAttribute: false, into: &linkText)
        linkText.append(0x20)
    }

    private mutating func closeLink() {
        if let openLink {
            candidates[openLink].title = CleanText.nonEmptyLine(String(decoding: linkText, as: UTF8.self))
        }
        openLink = nil
        linkText.removeAll(keepingCapacity: true)
    }

    private static func mediaType(_ text: String?) -> String? {
        text.flatMap { $0.split(separator: ";").first }.flatMap { CleanText.nonEmptyLine($0.lowercased()) }
    }

    /// How good a declaration is, or `nil` when it is no feed's.
    private static func rank(type: String?, reference: String, isFeed: Bool) -> Int? {
        switch type {
        case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
            "application/x-rss+xml", "application/x-atom+xml", "application/rss", "application/atom":
            return 0
        case "text/xml", "application/xml": return isFeed || FeedAddress.looksLikeFeed(reference) ? 1 : 2
        // The interface of WordPress is declared the same way.
        case "application/json": return CleanText.contains(reference, "/wp-json") ? nil : 3
        case nil: return isFeed || FeedAddress.looksLikeFeed(reference) ? 1 : nil
        default: return isFeed && type != "text/html" ? 2 : nil
        }
    }
}
