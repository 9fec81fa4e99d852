public import SyncCore
import Zip

/// Writes an edition as EPUB 3.3, article by article: what is held is the edition and the names of what was written.
///
/// The container (EPUB 3.3 §4): `mimetype` first and stored, `META-INF/container.xml`, the stylesheet, one XHTML file an
/// article with its pictures before it, and at the end, when all names are known, the table of contents and the package
/// document. Equal editions with equal articles and images give equal bytes.
public struct EPUBWriter {
    /// The edition; its articles are added in the order of its entries.
    public let edition: Edition
    private let images: ImageFiles
    private let markup: ArticleMarkup
    private var zip: ZipWriter
    private var next = 0

    /// Begins an edition.
    ///
    /// - Parameters:
    ///   - images: the bytes of an image by its address; `nil` if they are not at hand: its caption stays.
    ///   - output: takes the file piece by piece.
    public init(
        _ edition: Edition, images: @escaping (String) throws -> [UInt8]?, to output: @escaping ([UInt8]) throws -> Void
    ) throws {
        self.edition = edition
        let files = ImageFiles(images)
        self.images = files
        markup = ArticleMarkup(edition, place: Self.name, image: { try files.name($0) })
        zip = ZipWriter(to: output)
        try zip.add("mimetype", Array("application/epub+zip".utf8), isStored: true)
        try zip.add("META-INF/container.xml", Array(Self.container.utf8))
        try zip.add("EPUB/style.css", Array(Stylesheet.epub.utf8))
    }

    /// How many images are in it so far; one that several articles show counts once.
    public var imageCount: Int { images.written.count }

    /// Bytes written so far.
    public var byteCount: Int { zip.count }

    /// Most articles of an edition: a ZIP archive has 65,534 files, and there are pictures too.
    public static let maximumArticles = 50_000

    /// Says of the next article of the edition that it went away before it could be written.
    ///
    /// - Throws: as ``add(_:)``.
    public mutating func addMissing() throws {
        guard next < edition.entries.count else { throw EditionError.outOfOrder }
        let entry = edition.entries[next]
        try add(title: entry.headline, language: edition.language, ArticleMarkup.missing(entry))
    }

    /// Adds the next article of the edition.
    ///
    /// - Throws: ``EditionError`` if it is another one; ``Zip/ZipError``; what the images and the output throw.
    public mutating func add(_ article: Article) throws {
        guard next < edition.entries.count, edition.entries[next].id == article.id else {
            throw EditionError.outOfOrder
        }
        let parts = try markup.parts(article)
        for image in images.takeNew() { try zip.add("EPUB/" + image.name, image.bytes, isStored: true) }
        try add(
            title: article.title,
            language: article.language.flatMap { LanguageTag.isWellFormed($0) ? $0 : nil } ?? edition.language, parts)
    }

    private mutating func add(title: String, language: String, _ parts: [Markup]) throws {
        let page = Self.page(
            title: title, language: language, [.element("article", parts)])
        try zip.add("EPUB/" + Self.name(next), page)
        next += 1
    }

    /// Writes the table of contents and the package document.
    ///
    /// - Throws: ``EditionError`` if articles are missing; ``Zip/ZipError``; what the output throws.
    public mutating func finish() throws {
        guard next == edition.entries.count else { throw EditionError.outOfOrder }
        let contents = Markup.element(
            "nav", [.init("epub:type", "toc"), .init("id", "toc")],
            [.element("h1", [.text(edition.title)]), .element("ol", contents)])
        try zip.add("EPUB/nav.xhtml", Self.page(title: edition.title, language: edition.language, [contents]))
        try zip.add("EPUB/package.opf", PackageDocument(edition, images: images.written).bytes)
        try zip.finish()
    }

    /// The file of an article.
    static func name(_ index: Int) -> String {
        let digits = String(index + 1)
        return "article-" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ".xhtml"
    }

    private var contents: [Markup] {
        edition.sections.flatMap { section -> [Markup] in
            let items = section.range.map { index -> Markup in
                let headline = edition.entries[index].headline
                return .element("li", [.link(Self.name(index), [.text(headline)])])
            }
            guard let name = section.name, !name.allSatisfy(\.isWhitespace) else { return items }
            return [.element("li", [.element("span", [.text(name)]), .element("ol", items)])]
        }
    }

    private static func page(title: String, language: String, _ content: [Markup]) -> [UInt8] {
        let html = Markup.element(
            "html",
            [
                .init("xmlns", "http://www.w3.org/1999/xhtml"), .init("xmlns:epub", "http://www.idpf.org/2007/ops"),
            ] + LanguageTag.attributes(language),
            [
                .element(
                    "head",
                    [
                        .element("meta", [.init("charset", "utf-8")], []), .element("title", [.text(title)]),
                        .element(
                            "link",
                            [.init("rel", "stylesheet"), .init("type", "text/css"), .init("href", "style.css")], []),
                    ]), .element("body", content),
            ])
        var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n".utf8)
        html.write(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private static let container = """
        <?xml version="1.0" encoding="UTF-8"?>
        <container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>\
        <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>

        """
}
