/// Turns a publisher's HTML into HTML that is safe to show: an allow-list of elements and attributes, written anew.
///
/// Kept are text structure, lists, tables, links (`http`, `https`, `mailto`) and images (`http`, `https`), all
/// addresses absolute. Gone are scripts, styles, frames, plug-ins, forms, SVG, MathML, event handlers, `style`,
/// `class` and `id`, tracking pixels, control characters, and nesting past ``maximumDepth``. The output is balanced,
/// every attribute quoted, `<`, `>`, `&` and `"` escaped.
public struct HTMLSanitizer: Sendable {
    /// Most elements open at once; deeper tags are left out, their text stays.
    public static let maximumDepth = 64

    /// Sanitises `html`, reading relative addresses against `base`. An address that stays relative is left out.
    ///
    /// - Complexity: linear in the bytes of `html`.
    public static func sanitize(_ html: String, base: String?) -> String {
        let writer = run(html, base: base, into: HTMLWriter(capacity: html.utf8.count))
        return writer.text
    }

    /// Sanitises once for both outputs: the HTML of ``sanitize(_:base:)`` and the text of ``PlainText/render(_:base:)``.
    public static func sanitizeAndRender(_ html: String, base: String?) -> (html: String, text: String) {
        var both = run(
            html, base: base,
            into: SinkPair(HTMLWriter(capacity: html.utf8.count), PlainTextWriter(capacity: html.utf8.count)))
        return (both.first.text, both.second.finish())
    }

    /// Feeds what is allowed of `html` to `sink` and gives the sink back.
    static func run<Sink: HTMLSink>(_ html: String, base: String?, into sink: Sink) -> Sink {
        CleanText.withBytes(of: html) { bytes in
            var filter = HTMLFilter(bytes, base: base, sink: sink)
            filter.run()
            return filter.sink
        }
    }
}

/// Feeds two sinks at once.
struct SinkPair<First: HTMLSink, Second: HTMLSink>: HTMLSink {
    var first: First
    var second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        first.open(element, attributes)
        second.open(element, attributes)
    }

    mutating func close(_ element: HTMLElement) {
        first.close(element)
        second.close(element)
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        first.text(bytes)
        second.text(bytes)
    }
}

/// The allow-list at work: tokens in, balanced events out.
struct HTMLFilter<Sink: HTMLSink> {
    var sink: Sink
    private var tokenizer: HTMLTokenizer
    private let rules: HTMLAttributeRules
    private var open: [HTMLElement] = []
    private var scratch: [UInt8] = []
    /// Where the last end tag of a dropped element stands; -1 when there is none. Asked once for each name, so that
    /// many unclosed ones cost one scan.
    private var lastEnds: [String: Int] = [:]

    init(_ bytes: UnsafeBufferPointer<UInt8>, base: String?, sink: Sink) {
        self.sink = sink
        tokenizer = HTMLTokenizer(bytes)
        rules = HTMLAttributeRules(base: base)
    }

    mutating func run() {
        while let token = tokenizer.next() {
            switch token {
            case .text(let range): emitText(range)
            case .start(let name): start(name)
            case .end(let name): end(name)
            }
        }
        close(downTo: 0)
    }

    private mutating func emitText(_ range: Range<Int>) {
        scratch.removeAll(keepingCapacity: true)
        rules.decode(
            UnsafeBufferPointer(rebasing: tokenizer.bytes[range]), inAttribute: false, into: &scratch)
        scratch.withUnsafeBufferPointer { sink.text($0) }
    }

    private mutating func start(_ name: String) {
        switch HTMLElement.treatment(of: name) {
        case .keep(let element): start(element)
        case .unwrap: break
        case .dropRaw:
            // A script never ends by itself; a frame written `<iframe/>` must not swallow the article.
            let swallows = name == "script" || name == "style"
            if swallows || lastEnd(of: name) >= tokenizer.offset { tokenizer.skipRaw(until: name) }
        case .drop: skip(name)
        }
    }

    private mutating func start(_ element: HTMLElement) {
        closeImplied(by: element)
        if element.isVoid {
            guard element != .img else { return startImage() }
            sink.open(element, [])
            return
        }
        guard open.count < HTMLSanitizer.maximumDepth, fitsTable(element) else { return }
        sink.open(element, rules.attributes(of: element, in: tokenizer))
        open.append(element)
    }

    private mutating func startImage() {
        guard let attributes = rules.imageAttributes(in: tokenizer) else { return }
        sink.open(.img, attributes)
    }

    private mutating func end(_ name: String) {
        guard case .keep(let element) = HTMLElement.treatment(of: name), !element.isVoid else {
            // `</br>` is a line break (HTML §13.2.6.4.7).
            if name == "br" { sink.open(.br, []) }
            return
        }
        let isCellPart = Self.tableParts.contains(element) || element == .table
        for index in open.indices.reversed() {
            if open[index] == element { return close(downTo: index) }
            if !isCellPart, open[index] == .td || open[index] == .th { return }
        }
    }

    /// Skips a dropped element with its content; nested ones of the same name count. One that never ends is taken
    /// for a void one, so that a forgotten end tag does not swallow the article.
    private mutating func skip(_ name: String) {
        let last = lastEnd(of: name)
        guard last >= tokenizer.offset else { return }
        var depth = 1
        while depth > 0, let token = tokenizer.next() {
            switch token {
            case .start(name): depth += 1
            case .end(name): depth -= 1
            case .start(let inner) where HTMLElement.treatment(of: inner) == .dropRaw:
                tokenizer.skipRaw(until: inner)
            default: break
            }
            // No end tag is left for the others: stop where the last one was.
            if tokenizer.offset > last { return }
        }
    }

    private mutating func lastEnd(of name: String) -> Int {
        if let known = lastEnds[name] { return known }
        let last = tokenizer.lastEndTag(name) ?? -1
        lastEnds[name] = last
        return last
    }

    private mutating func close(downTo count: Int) {
        while open.count > count { sink.close(open.removeLast()) }
    }

    private func fitsTable(_ element: HTMLElement) -> Bool {
        switch element {
        case .td, .th: open.contains(.tr)
        case .tr, .tbody, .thead, .tfoot, .caption: open.contains(.table)
        default: true
        }
    }

    private mutating func closeImplied(by element: HTMLElement) {
        switch element {
        case .li: closeLast(of: [.li], boundary: [.ul, .ol])
        case .dt, .dd: closeLast(of: [.dt, .dd], boundary: [.dl])
        case .td, .th: closeLast(of: [.td, .th, .caption], boundary: [.table, .tr])
        case .tr: closeLast(of: [.tr, .caption], boundary: [.table])
        case .tbody, .thead, .tfoot: closeLast(of: [.tbody, .thead, .tfoot, .caption], boundary: [.table])
        case .a: closeLast(of: [.a], boundary: [.td, .th])
        default: if !element.isInline || element == .hr { closeParagraph() }
        }
    }

    private mutating func closeLast(of elements: [HTMLElement], boundary: [HTMLElement]) {
        for index in open.indices.reversed() {
            if elements.contains(open[index]) { return close(downTo: index) }
            if boundary.contains(open[index]) { return }
        }
    }

    /// A block ends the paragraph or heading that is open, with the inline elements in it.
    private mutating func closeParagraph() {
        for index in open.indices.reversed() {
            if open[index] == .p || open[index].headingLevel != nil { return close(downTo: index) }
            if !open[index].isInline { return }
        }
    }

    private static var tableParts: [HTMLElement] { [.td, .th, .tr, .tbody, .thead, .tfoot, .caption] }
}
