public import SyncCore

/// Writes an edition as one HTML page that needs nothing but itself: styles in it, images as `data:` addresses, no
/// script, and a policy under which a browser asks nobody for anything. Article by article, so that only one is held.
public struct HTMLEditionWriter {
    /// The edition; its articles are added in the order of its entries.
    public let edition: Edition
    private let markup: ArticleMarkup
    private let output: ([UInt8]) throws -> Void
    private let images: Counter
    private var next = 0
    /// Bytes written so far.
    public private(set) var byteCount = 0

    /// Counts while articles are written; used by one writer alone.
    private final class Counter {
        var count = 0
    }

    /// Begins an edition: the head, and the table of contents.
    ///
    /// - Parameters:
    ///   - images: the bytes of an image by its address; `nil` if they are not at hand: its caption stays.
    ///   - output: takes the page piece by piece.
    public init(
        _ edition: Edition, images: @escaping (String) throws -> [UInt8]?, to output: @escaping ([UInt8]) throws -> Void
    ) throws {
        self.edition = edition
        self.output = output
        let counter = Counter()
        self.images = counter
        markup = ArticleMarkup(edition, place: { "#\(Self.anchor($0))" }) { url in
            guard let image = try images(url).flatMap({ EditionImage($0) }) else { return nil }
            counter.count += 1
            return "data:\(image.kind.mediaType);base64," + Base64.text(image.bytes)
        }
        try write(Array(head.utf8))
        try write(contents)
        try write(Array("<main>\n".utf8))
    }

    /// How many images are in it so far.
    public var imageCount: Int { images.count }

    /// Adds the next article of the edition.
    ///
    /// - Throws: ``EditionError`` if it is another one; what the images and the output throw.
    public mutating func add(_ article: Article) throws {
        guard next < edition.entries.count, edition.entries[next].id == article.id else {
            throw EditionError.outOfOrder
        }
        try add(markup.language(of: article), try markup.parts(article))
    }

    /// Says of the next article of the edition that it went away before it could be written.
    ///
    /// - Throws: as ``add(_:)``.
    public mutating func addMissing() throws {
        guard next < edition.entries.count else { throw EditionError.outOfOrder }
        try add([], ArticleMarkup.missing(edition.entries[next]))
    }

    private mutating func add(_ attributes: [Markup.Attribute], _ parts: [Markup]) throws {
        let back = Markup.element("p", class: "top", [.link("#contents", [.text("Contents")])])
        try write(.element("article", [.init("id", Self.anchor(next))] + attributes, parts + [back]))
        next += 1
    }

    /// Ends the page.
    ///
    /// - Throws: ``EditionError`` if articles are missing; what the output throws.
    public mutating func finish() throws {
        guard next == edition.entries.count else { throw EditionError.outOfOrder }
        try write(Array("</main>\n</body>\n</html>\n".utf8))
    }

    private static func anchor(_ index: Int) -> String { "a\(index + 1)" }

    private mutating func write(_ markup: Markup) throws {
        var bytes: [UInt8] = []
        markup.write(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        try write(bytes)
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        try output(bytes)
        byteCount += bytes.count
    }

    /// The style is named by its hash (CSP 3 §2.3.1), so that no other could be put in.
    private var head: String {
        let hash = Base64.text(SHA256.hash(Stylesheet.page.utf8))
        var title: [UInt8] = []
        Markup.escape(edition.title, into: &title)
        return """
            <!DOCTYPE html>
            <html lang="\(edition.language)">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
            style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="referrer" content="no-referrer"/>
            <title>\(String(decoding: title, as: UTF8.self))</title>
            <style>\(Stylesheet.page)</style>
            </head>
            <body>

            """
    }

    private var contents: Markup {
        let sections = edition.sections.flatMap { section -> [Markup] in
            let items = section.range.map { index -> Markup in
                let headline = edition.entries[index].headline
                return .element(
                    "li", [.link("#\(Self.anchor(index))", [.text(headline)])])
            }
            let heading = section.name.map { [Markup.element("h2", [.text($0)])] } ?? []
            return heading + [.element("ol", items)]
        }
        var parts: [Markup] = [.element("h1", [.text(edition.title)])]
        let day = UTCText.day(edition.modified)
        if !edition.title.contains(day) { parts.append(.element("p", class: "byline", [.text(day)])) }
        return .element("nav", [.init("id", "contents")], parts + sections)
    }
}
