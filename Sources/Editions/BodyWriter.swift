import FeedFormats

/// Makes markup of an article's text, so that it keeps the rules of HTML about what may stand in what: reading systems are
/// stricter than browsers, and publishers laxer than both. Words are never lost; an element that may not stand where it
/// does gives way to what is in it.
struct BodyWriter {
    /// Where the edition has an image; `nil` if it has not.
    let image: (String) throws -> String?
    /// Where a link leads; `nil` if it cannot be written.
    let link: (String) -> String?

    /// What is around a piece of text.
    struct Place {
        var isInLink = false
        /// Whether headings are words here.
        var isInHead = false
    }

    /// What may stand between paragraphs.
    func flow(_ nodes: [BodyNode], _ place: Place = Place()) throws -> [Markup] {
        var result: [Markup] = []
        var index = 0
        while index < nodes.count {
            guard nodes[index].kind != .li else {
                // Items without their list.
                let end = nodes[index...].firstIndex { $0.kind != .li && !$0.isBlank } ?? nodes.count
                result += try list(.ul, [], Array(nodes[index..<end]), place)
                index = end
                continue
            }
            result += try block(nodes[index], place)
            index += 1
        }
        return result
    }

    /// What may stand inside a paragraph.
    func phrasing(_ nodes: [BodyNode], _ place: Place = Place()) throws -> [Markup] {
        var result: [Markup] = []
        for node in nodes {
            guard case .element(let kind, let attributes, let children) = node, !kind.isInline else {
                result += try inline(node, place)
                continue
            }
            let words = try phrasing(children, place)
            if words.contains(where: \.isVisible) || kind == .hr {
                if result.contains(where: \.isVisible) { result.append(.element("br", [])) }
                result += wrapped("span", common(attributes), words, isNeeded: !common(attributes).isEmpty)
            }
        }
        return result
    }

    private func block(_ node: BodyNode, _ place: Place) throws -> [Markup] {
        guard case .element(let kind, let attributes, let children) = node else { return try inline(node, place) }
        let own = common(attributes)
        switch kind {
        case .hr: return [.element("hr", [])]
        case .p, .pre: return visible(kind.tag, own, try phrasing(children, place))
        case .h1, .h2, .h3, .h4, .h5, .h6:
            let words = try phrasing(children, place)
            if place.isInHead { return visible("p", own, [.element("b", words)]) }
            // The article's headline is the first heading, so none in it may be as high.
            return visible("h\(max(2, min(6, kind.headingLevel ?? 2)))", own, words)
        case .summary: return visible("p", own, [.element("b", try phrasing(children, place))])
        case .div, .details, .dt, .dd: return visible("div", own, try flow(children, place))
        case .figcaption: return visible("div", own + [.init("class", "caption")], try flow(children, place))
        case .blockquote: return visible("blockquote", own, try flow(children, place))
        case .ul, .ol: return try list(kind, attributes, children, place)
        case .dl: return try definitions(own, children, place)
        case .table: return try table(own, children, place)
        case .figure: return try figure(own, children, place)
        case .caption, .tbody, .td, .tfoot, .th, .thead, .tr, .li: return try flow(children, place)
        default:
            guard kind != .ruby, children.contains(where: \.hasBlock) else { return try inline(node, place) }
            switch kind {
            case .a where !place.isInLink:
                guard let address = attributes[.href].flatMap(link) else { return try flow(children, place) }
                var inside = place
                inside.isInLink = true
                return [.element("a", own + [.init("href", address)], try flow(children, inside))]
            case .ins, .del: return [.element(kind.tag, own, try flow(children, place))]
            // What is set in it is more than a phrase; how it is set gives way.
            default: return try flow(children, place)
            }
        }
    }

    private func inline(_ node: BodyNode, _ place: Place) throws -> [Markup] {
        guard case .element(let kind, let attributes, let children) = node else {
            if case .text(let text) = node { return [.text(text)] }
            return []
        }
        let own = common(attributes)
        switch kind {
        case .br, .wbr: return [.element(kind.tag, [])]
        case .img: return try picture(attributes)
        // Its form would have to be checked, and nothing is seen of it.
        case .time, .rt: return try phrasing(children, place)
        case .rp: return []
        case .ruby: return try ruby(own, children, place)
        // One may not stand in another, and it looks the same.
        case .dfn: return [.element("i", own, try phrasing(children, place))]
        case .a:
            guard !place.isInLink, let address = attributes[.href].flatMap(link) else {
                return try phrasing(children, place)
            }
            var inside = place
            inside.isInLink = true
            let words = try phrasing(children, inside)
            return words.contains(where: \.isVisible)
                ? [.element("a", own + [.init("href", address)], words)] : words
        default: return [.element(kind.tag, own, try phrasing(children, place))]
        }
    }

    private func picture(_ attributes: [HTMLAttribute]) throws -> [Markup] {
        let text = attributes[.alt] ?? ""
        guard let source = attributes[.src], let place = try image(source) else {
            return text.isEmpty ? [] : [.element("span", class: "missing", [.text("[\(text)]")])]
        }
        return [.element("img", [.init("src", place), .init("alt", text)], [])]
    }

    /// The attributes that every element may have.
    func common(_ attributes: [HTMLAttribute]) -> [Markup.Attribute] {
        attributes.flatMap { attribute -> [Markup.Attribute] in
            switch attribute.name {
            case .dir, .title: [.init("\(attribute.name.text)", attribute.value)]
            case .lang: LanguageTag.isWellFormed(attribute.value) ? LanguageTag.attributes(attribute.value) : []
            default: []
            }
        }
    }

    /// An element, unless there would be nothing to be seen.
    func visible(_ name: String, _ attributes: [Markup.Attribute], _ children: [Markup]) -> [Markup] {
        children.contains { $0.isVisible } ? [.element(name, attributes, children)] : []
    }

    private func wrapped(
        _ name: String, _ attributes: [Markup.Attribute], _ children: [Markup], isNeeded: Bool
    ) -> [Markup] {
        isNeeded ? [.element(name, attributes, children)] : children
    }
}

extension HTMLElement {
    /// The tag name.
    var tag: String { "\(name)" }
}
