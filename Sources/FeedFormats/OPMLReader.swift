/// Makes a list of an OPML document's elements.
final class OPMLReader: XMLEvents {
    private(set) var list = SubscriptionList()
    /// Whether the root is one of OPML's.
    private(set) var hasRoot = false
    /// The root's name, when it is not.
    private(set) var foreignRoot: String?
    /// Whether the bound on subscriptions ended the parse.
    private(set) var isFull = false

    private enum Open {
        case other, title
        /// An outline, and the folder it is if it turns out to hold others.
        case outline(folder: String?)
    }

    private let limits: FeedLimits
    private var open: [Open] = []
    private var folders: [String] = []
    private var title: [UInt8] = []
    private var positions: [String: Int] = [:]

    /// Longest name of a feed or folder in bytes: escaped, it still fits the bound on attributes.
    static let nameBytes = 4096
    /// Longest description in bytes.
    static let descriptionBytes = 8192

    init(limits: FeedLimits) { self.limits = limits }

    func warn(_ code: FeedWarning.Code, _ message: String) {
        guard list.warnings.count < limits.warnings else { return }
        list.warnings.append(FeedWarning(code, message))
    }

    func start(_ name: ElementName, _ attributes: [XMLAttribute]) -> Bool {
        let local = name.local.lowercased()
        if open.isEmpty {
            // The name before version 1.0.
            guard local == "opml" || local == "outlinedocument" else {
                foreignRoot = name.local
                return false
            }
            hasRoot = true
        }
        switch local {
        case "outline":
            let outline = Outline(attributes)
            let folder = add(outline) ? nil : outline.name
            if let folder { folders.append(folder) }
            open.append(.outline(folder: folder))
        case "title": open.append(list.title.isEmpty ? .title : .other)
        default: open.append(.other)
        }
        return !isFull
    }

    func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard case .title = open.last, title.count < Self.nameBytes * 4 else { return }
        title.append(contentsOf: bytes)
    }

    func end() -> Bool {
        switch open.popLast() {
        case .title:
            list.title = Self.name(String(decoding: title, as: UTF8.self), limit: Self.nameBytes) ?? ""
            title = []
        case .outline(let folder): if folder != nil { folders.removeLast() }
        case .other, nil: break
        }
        return true
    }

    func meet(_ dialect: FeedDialect) {}

    var isSkipping: Bool { false }

    /// Adds the outline if it is a feed; `false` when it is none.
    private func add(_ outline: Outline) -> Bool {
        if outline["type"]?.lowercased() == "include", let url = outline["url"] {
            warn(.badLink, "the list \(String(url.prefix(80))) is included here; it was not fetched")
            return true
        }
        guard let written = outline.feedAddress else {
            if outline.lacksAddress {
                warn(.badLink, "the feed \(outline.name.map { String($0.prefix(80)) } ?? "") has no address")
            }
            return false
        }
        guard let address = Self.webAddress(written) else {
            warn(.badLink, "the feed \(String(written.prefix(80))) is no web address we can follow")
            return true
        }
        let found = Subscription(
            title: outline.title(feed: written) ?? "", feedURL: address,
            siteURL: outline["htmlurl"].flatMap { WebAddress.absolute($0, base: nil, use: .resource) },
            description: outline["description"].flatMap { Self.name($0, limit: Self.descriptionBytes) },
            language: outline["language"].flatMap { LanguageTag.cleaned($0).nonEmpty },
            tags: tags(of: outline))
        if let position = positions[address] {
            unite(found, at: position)
        } else if list.subscriptions.count < limits.subscriptions {
            positions[address] = list.subscriptions.count
            list.subscriptions.append(found)
        } else {
            isFull = true
            warn(.limitReached, "more than \(limits.subscriptions) subscriptions; the rest is left out")
        }
        return true
    }

    private func tags(of outline: Outline) -> [String] {
        // The outer folders first, then what the outline says itself.
        let parts = (outline["category"] ?? "").split { $0 == "," || $0 == "/" }
        var tags: [String] = []
        for tag in folders + parts.prefix(limits.perEntry).compactMap({ Self.name(String($0), limit: Self.nameBytes) })
        where tags.count < limits.perEntry && !tags.contains(tag) { tags.append(tag) }
        return tags
    }

    private func unite(_ other: Subscription, at position: Int) {
        var known = list.subscriptions[position]
        if known.title.isEmpty { known.title = other.title }
        known.siteURL = known.siteURL ?? other.siteURL
        known.description = known.description ?? other.description
        known.language = known.language ?? other.language
        for tag in other.tags where known.tags.count < limits.perEntry && !known.tags.contains(tag) {
            known.tags.append(tag)
        }
        list.subscriptions[position] = known
    }

    /// `feed:` is a promise that the address leads to a feed (`feed://host/`, `feed:https://host/`).
    private static func webAddress(_ written: String) -> String? {
        var address = written
        if address.lowercased().hasPrefix("feed:") {
            let rest = address.dropFirst(5)
            address = rest.hasPrefix("//") ? "http:" + rest : String(rest)
        }
        return WebAddress.absolute(address, base: nil, use: .resource)
    }

    /// `text` on one line of at most `limit` bytes, cut between characters; `nil` when nothing is left.
    static func name(_ text: String, limit: Int) -> String? {
        let line = CleanText.line(text)
        guard line.utf8.count > limit else { return line.isEmpty ? nil : line }
        var end = line.utf8.index(line.startIndex, offsetBy: limit)
        while end > line.startIndex, end.samePosition(in: line.unicodeScalars) == nil {
            end = line.utf8.index(before: end)
        }
        return CleanText.nonEmptyLine(String(line[..<end]))
    }
}

/// The attributes of an outline, their names in small letters: writers never agreed on capitals.
private struct Outline {
    private var values: [String: String] = [:]
    private var hasEmptyAddress = false

    init(_ attributes: [XMLAttribute]) {
        for attribute in attributes where attribute.name.namespace == .none {
            let name = attribute.name.local.lowercased()
            if values[name] == nil { values[name] = CleanText.nonEmptyLine(attribute.value) }
            if name == "xmlurl" { hasEmptyAddress = values[name] == nil }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// Whether it claims to be a feed, and leaves its address empty.
    var lacksAddress: Bool {
        hasEmptyAddress && ["rss", "atom", "feed", "rdf", "json"].contains(self["type"]?.lowercased() ?? "")
    }

    /// The name of a folder.
    var name: String? { (self["text"] ?? self["title"]).flatMap { OPMLReader.name($0, limit: OPMLReader.nameBytes) } }

    /// The address of the feed, if it is one. `url` serves where an outline claims to be a feed, or makes no claim and
    /// the address looks like one; with the type `link` it is a page.
    var feedAddress: String? {
        if let address = self["xmlurl"] { return address }
        guard let address = self["url"] else { return nil }
        switch self["type"]?.lowercased() {
        case "rss", "atom", "feed", "rdf", "json": return address
        case nil: return FeedAddress.looksLikeFeed(address) ? address : nil
        default: return nil
        }
    }

    /// The name of the feed at `address`; a text that only repeats the address is none.
    func title(feed address: String) -> String? {
        (self["title"] ?? (self["text"] == address ? nil : self["text"]))
            .flatMap { OPMLReader.name($0, limit: OPMLReader.nameBytes) }
    }
}
