import FeedFormats

/// Lists, tables and other elements that say what stands in them.
extension BodyWriter {
    /// A list holds items and nothing else.
    func list(
        _ kind: HTMLElement, _ attributes: [HTMLAttribute], _ children: [BodyNode], _ place: Place
    ) throws -> [Markup] {
        var items: [Markup] = []
        for child in children where !child.isBlank {
            guard case .element(.li, let own, let content) = child else {
                let content = try flow([child], place)
                if content.contains(where: \.isVisible) { items.append(.element("li", content)) }
                continue
            }
            var attributes = common(own)
            if kind == .ol, let value = own[.value] { attributes.append(.init("value", value)) }
            items.append(.element("li", attributes, try flow(content, place)))
        }
        var own = common(attributes)
        if kind == .ol, let start = attributes[.start] { own.append(.init("start", start)) }
        return visible(kind.tag, own, items)
    }

    /// A list of definitions holds terms, and behind them what they mean.
    func definitions(_ own: [Markup.Attribute], _ children: [BodyNode], _ place: Place) throws -> [Markup] {
        let parts = children.filter { !$0.isBlank }
        let kinds = parts.map(\.kind)
        guard kinds.first == .dt, kinds.last == .dd, kinds.allSatisfy({ $0 == .dt || $0 == .dd }) else {
            return visible("div", own, try flow(children, place))
        }
        return visible(
            "dl", own,
            try parts.map { part in
                part.kind == .dt
                    ? .element("dt", try phrasing(part.children, place))
                    : .element("dd", try flow(part.children, place))
            })
    }

    /// A figure holds anything, and at its end one caption.
    func figure(_ own: [Markup.Attribute], _ children: [BodyNode], _ place: Place) throws -> [Markup] {
        var content: [Markup] = []
        var caption: [Markup] = []
        for child in children {
            if child.kind == .figcaption {
                let words = try flow(child.children, place)
                if words.contains(where: \.isVisible), !caption.isEmpty { caption.append(.element("br", [])) }
                caption += words
            } else {
                content += try flow([child], place)
            }
        }
        return visible("figure", own, content + visible("figcaption", [], caption))
    }

    /// A table holds a caption, a head, bodies and a foot in this order, each of rows, each of cells. What stands between
    /// them goes before the table, as in browsers (HTML §13.2.6.4.9).
    func table(_ own: [Markup.Attribute], _ children: [BodyNode], _ place: Place) throws -> [Markup] {
        var parts = TableParts()
        for child in children where !child.isBlank { try add(child, to: &parts, place) }
        parts.endBody()
        guard parts.head != nil || !parts.bodies.isEmpty || parts.foot != nil else {
            return parts.stray + parts.caption
        }
        let rows = [parts.head].compactMap { $0 } + parts.bodies + [parts.foot].compactMap { $0 }
        // What is wider than the page is moved by itself.
        let table = Markup.element("table", own, visible("caption", [], parts.caption) + rows)
        return parts.stray + [.element("div", class: "table", [table])]
    }

    private struct TableParts {
        var stray: [Markup] = []
        var caption: [Markup] = []
        var head: Markup?
        var bodies: [Markup] = []
        var foot: Markup?
        var rows: [Markup] = []

        /// Rows that stand in the table itself are a body.
        mutating func endBody() {
            if !rows.isEmpty { bodies.append(.element("tbody", rows)) }
            rows = []
        }
    }

    private func add(_ child: BodyNode, to parts: inout TableParts, _ place: Place) throws {
        switch child.kind {
        case .caption where parts.caption.isEmpty: parts.caption = try phrasing(child.children, place)
        case .tr: parts.rows += try row(child, &parts.stray, place)
        case .thead, .tbody, .tfoot:
            parts.endBody()
            var rows: [Markup] = []
            for inner in child.children where !inner.isBlank {
                if inner.kind == .tr {
                    rows += try row(inner, &parts.stray, place)
                } else {
                    parts.stray += try flow([inner], place)
                }
            }
            guard !rows.isEmpty else { return }
            if child.kind == .thead, parts.head == nil, parts.bodies.isEmpty {
                parts.head = .element("thead", rows)
            } else if child.kind == .tfoot, parts.foot == nil {
                parts.foot = .element("tfoot", rows)
            } else {
                parts.bodies.append(.element("tbody", rows))
            }
        default: parts.stray += try flow([child], place)
        }
    }

    private func row(_ node: BodyNode, _ stray: inout [Markup], _ place: Place) throws -> [Markup] {
        var cells: [Markup] = []
        for child in node.children where !child.isBlank {
            guard case .element(let kind, let attributes, let content) = child, kind == .td || kind == .th else {
                stray += try flow([child], place)
                continue
            }
            var inside = place
            inside.isInHead = place.isInHead || kind == .th
            var own = common(attributes)
            for name in [HTMLAttributeName.colspan, .rowspan] {
                if let span = attributes[name].flatMap({ Int($0) }), (2...1000).contains(span) {
                    own.append(.init("\(name.text)", "\(span)"))
                }
            }
            cells.append(.element(kind.tag, own, try flow(content, inside)))
        }
        return cells.isEmpty ? [] : [.element("tr", common(attributes(of: node)), cells)]
    }

    private func attributes(of node: BodyNode) -> [HTMLAttribute] {
        if case .element(_, let attributes, _) = node { return attributes }
        return []
    }

    /// Ruby holds words, and behind them how they are read.
    func ruby(_ own: [Markup.Attribute], _ children: [BodyNode], _ place: Place) throws -> [Markup] {
        var annotated: [Markup] = []
        var base: [Markup] = []
        for child in children where child.kind != .rp {
            guard child.kind == .rt else {
                base += try phrasing([child], place)
                continue
            }
            let reading = try phrasing(child.children, place)
            guard base.contains(where: \.isVisible) else {
                base += reading
                continue
            }
            annotated += base + [.element("rt", reading)]
            base = []
        }
        return (annotated.isEmpty ? [] : [.element("ruby", own, annotated)]) + base
    }
}
