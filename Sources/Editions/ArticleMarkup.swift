import SyncCore

/// An article as a page shows it: kicker, headline, standfirst, byline, picture, text, and what comes with it.
struct ArticleMarkup {
    let edition: Edition
    let body: BodyWriter
    /// Where the pages of the edition are, by ``SyncCore/ArticleAlias``.
    let places: [String: String]
    /// The headlines of the edition, by place.
    let headlines: [String: String]

    /// - Parameters:
    ///   - place: where the article of an index is.
    ///   - image: where the edition has an image.
    init(_ edition: Edition, place: (Int) -> String, image: @escaping (String) throws -> String?) {
        let places = edition.places(place)
        self.edition = edition
        self.places = places
        headlines = Dictionary(
            edition.entries.enumerated().map { (place($0.offset), $0.element.headline) },
            uniquingKeysWith: { first, _ in first })
        body = BodyWriter(image: image, link: { Self.link($0, places) })
    }

    /// Where a link leads: into the edition, if the page is in it.
    private static func link(_ address: String, _ places: [String: String]) -> String? {
        ArticleAlias.key(of: address).flatMap { places[$0] } ?? LinkAddress.valid(address)
    }

    /// The parts of an article, without the element around them.
    func parts(_ article: Article) throws -> [Markup] {
        let tree = BodyTree(article.bodyHTML)
        var parts = [head(article)]
        if let image = article.image, !tree.images.contains(image.url) { parts += try lead(image) }
        parts += try body.flow(tree.nodes)
        return parts + foot(article)
    }

    /// What stands in the place of an article that is gone.
    static func missing(_ entry: Edition.Entry) -> [Markup] {
        [
            .element("header", [.element("h1", [.text(entry.headline)])]),
            .element("p", class: "missing", [.text("This article was taken away while the edition was written.")]),
        ]
    }

    /// The attributes that say an article's language, where it is another than the edition's.
    func language(of article: Article) -> [Markup.Attribute] {
        guard let tag = article.language, tag != edition.language, LanguageTag.isWellFormed(tag) else { return [] }
        return LanguageTag.attributes(tag)
    }

    private func head(_ article: Article) -> Markup {
        var parts: [Markup] = []
        if let kicker = article.kicker { parts.append(.element("p", class: "kicker", [.text(kicker)])) }
        parts.append(.element("h1", [.text(article.title)]))
        if let standfirst = article.standfirstBesideText {
            parts.append(.element("p", class: "standfirst", [.text(standfirst)]))
        }
        var facts: [Markup] = []
        if !article.authors.isEmpty { facts.append(.text("By ")) }
        for (index, author) in article.authors.enumerated() {
            if index > 0 { facts.append(.text(", ")) }
            let address = author.url.flatMap { LinkAddress.valid($0) }
            facts.append(address.map { .link($0, [.text(author.name)]) } ?? .text(author.name))
        }
        var rest = [article.section, article.published.map { UTCText.day($0) }].compactMap { $0 }
        if article.access == .subscriber { rest.append("for subscribers") }
        if !rest.isEmpty {
            facts.append(.text((facts.isEmpty ? "" : " · ") + rest.joined(separator: " · ")))
        }
        if !facts.isEmpty { parts.append(.element("p", class: "byline", facts)) }
        return .element("header", parts)
    }

    private func lead(_ image: LeadImage) throws -> [Markup] {
        var parts: [Markup] = []
        if let place = try body.image(image.url) {
            parts.append(.element("img", [.init("src", place), .init("alt", image.alt ?? "")], []))
        } else if image.caption == nil, let alt = image.alt {
            parts.append(.element("p", class: "missing", [.text("[\(alt)]")]))
        }
        var caption = image.caption.map { [Markup.text($0)] } ?? []
        if let credit = image.credit {
            if !caption.isEmpty { caption.append(.text(" ")) }
            caption.append(.element("small", [.text(credit)]))
        }
        parts += body.visible("figcaption", [], caption)
        return body.visible("figure", [.init("class", "lead")], parts)
    }

    private func foot(_ article: Article) -> [Markup] {
        var parts: [Markup] = []
        for author in article.authors {
            guard let bio = author.bio else { continue }
            parts.append(.element("p", class: "bio", [.element("b", [.text(author.name)]), .text(": " + bio)]))
        }
        let related = article.related.compactMap { related -> Markup? in
            guard let address = Self.link(related.url, places) else { return nil }
            return .element("li", [.link(address, [.text(headlines[address] ?? related.url)])])
        }
        if !related.isEmpty {
            parts += [.element("h2", [.text("Related")]), .element("ul", related)]
        }
        for enclosure in article.enclosures {
            guard let address = LinkAddress.valid(enclosure.url) else { continue }
            let kind = enclosure.type.map { " (\($0))" } ?? ""
            parts.append(
                .element("p", class: "source", [.text("Enclosed\(kind): "), .link(address, [.text(enclosure.url)])]))
        }
        if let url = article.url, let address = LinkAddress.valid(url) {
            parts.append(.element("p", class: "source", [.link(address, [.text(url)])]))
        }
        return parts.isEmpty ? [] : [.element("footer", parts)]
    }
}
