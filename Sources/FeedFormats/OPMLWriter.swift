import struct FoundationEssentials.Data

/// Writes a list of subscriptions as OPML 2.0.
struct OPMLWriter {
    private var out: [UInt8] = []

    static func write(_ list: SubscriptionList, created: Int64) -> Data {
        var writer = OPMLWriter()
        writer.writeHead(list, created: created)
        writer.writeBody(list.subscriptions)
        writer.line(0, "  </body>\n</opml>")
        return Data(writer.out)
    }

    private mutating func writeHead(_ list: SubscriptionList, created: Int64) {
        line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>")
        line(2, "<title>\(Self.escaped(list.title))</title>")
        if let date = MailDate.text(created) { line(2, "<dateCreated>\(date)</dateCreated>") }
        line(0, "  </head>\n  <body>")
    }

    /// Each folder once, where its first feed is, with all its feeds: other readers make a folder of each outline.
    private mutating func writeBody(_ subscriptions: [Subscription]) {
        var members: [String: [Subscription]] = [:]
        for subscription in subscriptions {
            for tag in subscription.tags { members[tag, default: []].append(subscription) }
        }
        for subscription in subscriptions {
            if subscription.tags.isEmpty { write(subscription, depth: 2) }
            for tag in subscription.tags {
                guard let feeds = members.removeValue(forKey: tag) else { continue }
                writeFolder(tag, feeds)
            }
        }
    }

    private mutating func writeFolder(_ tag: String, _ subscriptions: [Subscription]) {
        let name = Self.escaped(tag)
        line(2, "<outline text=\"\(name)\" title=\"\(name)\">")
        for subscription in subscriptions { write(subscription, depth: 3) }
        line(2, "</outline>")
    }

    private mutating func write(_ subscription: Subscription, depth: Int) {
        // `text` is required (OPML 2.0); without a `title` it is read back as no name.
        let title = Self.escaped(subscription.title)
        let text = title.isEmpty ? Self.escaped(subscription.feedURL) : title
        var attributes = "type=\"rss\" text=\"\(text)\""
        for (name, value) in [
            ("title", subscription.title), ("xmlUrl", subscription.feedURL), ("htmlUrl", subscription.siteURL ?? ""),
            ("description", subscription.description ?? ""), ("language", subscription.language ?? ""),
        ] where !value.isEmpty { attributes += " \(name)=\"\(Self.escaped(value))\"" }
        line(depth, "<outline \(attributes)/>")
    }

    private mutating func line(_ depth: Int, _ text: String) {
        out.append(contentsOf: repeatElement(0x20, count: depth * 2))
        out.append(contentsOf: text.utf8)
        out.append(0x0A)
    }

    /// `text` on one line as XML 1.0 lets it stand in text and attributes: the characters of its syntax escaped,
    /// controls and the two non-characters that XML forbids left out.
    private static func escaped(_ text: String) -> String {
        let legal =
            text.unicodeScalars.contains { $0 == "\u{FFFE}" || $0 == "\u{FFFF}" }
            ? String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{FFFE}" && $0 != "\u{FFFF}" }))
            : text
        var bytes: [UInt8] = []
        CleanText.withBytes(of: CleanText.line(legal)) { HTMLWriter.escape($0, into: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Writes dates of RFC 822, with years of four digits (RFC 1123 §5.2.14).
enum MailDate {
    /// `Tue, 24 Nov 2026 06:18:47 GMT`, or `nil` for a year outside 1900...2199, which no reader of ours takes.
    static func text(_ milliseconds: Int64) -> String? {
        let seconds = milliseconds.quotient(flooredBy: 1000)
        let day = seconds.quotient(flooredBy: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        guard (1900...2199).contains(date.year) else { return nil }
        let time = Int(seconds - day * 86_400)
        let weekday = Int((day + 4) - (day + 4).quotient(flooredBy: 7) * 7)
        let clock = [time / 3600, time / 60 % 60, time % 60].map(padded).joined(separator: ":")
        return "\(weekdays[weekday]), \(padded(date.day)) \(months[date.month - 1]) \(date.year) \(clock) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
