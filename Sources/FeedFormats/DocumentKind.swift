import struct FoundationEssentials.Data

/// Says what a document that is no feed looks like.
enum DocumentKind {
    static let remedy = "Check the address; a web page often names its feeds in its source"

    /// Why these bytes cannot be a feed in any encoding, or `nil`.
    static func refusal(of data: Data) -> FeedError? {
        let head = [UInt8](data.prefix(16))
        if head.allSatisfy({ CleanText.isBlank($0) }), data.allSatisfy({ CleanText.isBlank($0) }) {
            return FeedError(.notAFeed, "The document is empty", remedy: "Try again later")
        }
        let magics: [(String, [UInt8])] = [
            ("gzip data", [0x1F, 0x8B]), ("zstd data", [0x28, 0xB5, 0x2F, 0xFD]),
            ("a PDF", Array("%PDF-".utf8)),
            ("a PNG image", [0x89, 0x50, 0x4E, 0x47]), ("a JPEG image", [0xFF, 0xD8, 0xFF]),
            ("a GIF image", Array("GIF8".utf8)), ("a ZIP archive", [0x50, 0x4B, 3, 4]),
        ]
        return magics.first { head.starts(with: $0.1) }.map {
            FeedError(.notAFeed, "The document is \($0.0)", remedy: remedy)
        }
    }

    /// Why this text cannot be a feed, or `nil`. `markupAt` is where its first `<` stands.
    static func refusal(ofText bytes: [UInt8], markupAt start: Int) -> FeedError? {
        // Junk before the markup is survivable; a kilobyte of it is another kind of document, unless a feed follows.
        guard start < bytes.count, start <= 1024 || DocumentStart.isFeed(bytes, at: start) else {
            return FeedError(.notAFeed, "The document is plain text", remedy: remedy)
        }
        let head = String(decoding: bytes[start...].prefix(32), as: UTF8.self).lowercased()
        if head.hasPrefix("<!doctype html") || head.hasPrefix("<html") { return webPage }
        return nil
    }

    static let webPage = FeedError(.notAFeed, "The document is an HTML page", remedy: remedy)
}

/// Says what a root element begins.
enum RootElement {
    /// The format whose root `element` is, or `nil`.
    static func format(of element: FeedElement) -> FeedFormat? {
        switch (element.name.local.lowercased(), element.name.namespace) {
        case ("rss", _): .rss
        case ("rdf", .rdf), ("rdf", .none), ("rdf", .other): .rdf
        case ("feed", .atom), ("feed", .none), ("entry", .atom): .atom
        // RSS 1.1 writes `Channel` in a namespace of its own, the Channel Definition Format mostly `CHANNEL`.
        case ("channel", .none): .cdf
        default: nil
        }
    }

    static func refusal(of name: ElementName) -> FeedError {
        switch (name.local.lowercased(), name.namespace) {
        case ("html", _): return DocumentKind.webPage
        case ("opml", _):
            return FeedError(
                .unsupportedFormat, "The document is a list of feeds (OPML)", remedy: "Import it as a list")
        default:
            let shown = CleanText.line(String(name.local.prefix(40)))
            return FeedError(
                .notAFeed, "The document is XML whose root is <\(shown)>", remedy: DocumentKind.remedy)
        }
    }
}
