/// The package document of an EPUB (EPUB 3.3 §5): what it is, which files it has, and in which order they are read.
struct PackageDocument {
    let bytes: [UInt8]

    init(_ edition: Edition, images: [(name: String, mediaType: String)]) {
        let root = Markup.element(
            "package",
            [
                .init("xmlns", "http://www.idpf.org/2007/opf"), .init("version", "3.0"),
                .init("unique-identifier", "identifier"), .init("xml:lang", edition.language),
            ],
            [Self.metadata(edition), Self.manifest(edition, images), Self.spine(edition)])
        var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
        root.write(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        self.bytes = bytes
    }

    private static func metadata(_ edition: Edition) -> Markup {
        let access = [
            ("accessMode", "textual"), ("accessMode", "visual"), ("accessibilityFeature", "tableOfContents"),
            ("accessibilityFeature", "structuralNavigation"), ("accessibilityHazard", "unknown"),
        ]
        return .element(
            "metadata", [.init("xmlns:dc", "http://purl.org/dc/elements/1.1/")],
            [
                .element("dc:identifier", [.init("id", "identifier")], [.text(edition.identifier)]),
                .element("dc:title", [.text(edition.title)]),
                .element("dc:language", [.text(edition.language)]),
                property("dcterms:modified", UTCText.instant(edition.modified)),
            ] + access.map { property("schema:" + $0.0, $0.1) })
    }

    private static func property(_ name: String, _ value: String) -> Markup {
        .element("meta", [.init("property", name)], [.text(value)])
    }

    private static func manifest(_ edition: Edition, _ images: [(name: String, mediaType: String)]) -> Markup {
        var items = [
            item("nav", "nav.xhtml", "application/xhtml+xml", [.init("properties", "nav")]),
            item("style", "style.css", "text/css"),
        ]
        for index in edition.entries.indices {
            items.append(item("a\(index + 1)", EPUBWriter.name(index), "application/xhtml+xml"))
        }
        for (index, image) in images.enumerated() { items.append(item("i\(index + 1)", image.name, image.mediaType)) }
        return .element("manifest", items)
    }

    private static func item(
        _ id: String, _ name: String, _ mediaType: String, _ more: [Markup.Attribute] = []
    ) -> Markup {
        .element("item", [.init("id", id), .init("href", name), .init("media-type", mediaType)] + more, [])
    }

    private static func spine(_ edition: Edition) -> Markup {
        let names = ["nav"] + edition.entries.indices.map { "a\($0 + 1)" }
        return .element("spine", names.map { .element("itemref", [.init("idref", $0)], []) })
    }
}
