/// The allow-list at work: tokens in, balanced events out.
struct HTMLFilter<Sink: HTMLSink> {
    private(set) var sink: Sink
    /// Steps taken: elements looked at for each tag, tokens, bytes of text decoded. Counted for the tests that hold the
    /// work to a multiple of the input; a time would depend on the machine.
    private(set) var steps = 0

    private var tokenizer: HTMLTokenizer
    private var rules: HTMLAttributeRules
    private let treatments = HTMLElement.treatments
    private var open: [HTMLElement] = []
    private var scratch: [UInt8] = []
    /// Where the last end tag of each dropped element stands. Read once, so that many unclosed ones cost one scan.
    private var lastEnds: [HTMLName: Int]?
    private var images = LateImages()
    /// How many `span` are open inside the one that marks a credit, itself counted; 0 when there is none.
    private var creditSpans = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, base: String?, sink: Sink) {
        self.sink = sink
        tokenizer = HTMLTokenizer(bytes)
        rules = HTMLAttributeRules(base: base, inputBytes: bytes.count)
    }

    mutating func run() {
        while let token = tokenizer.next() {
            steps += 1
            switch token {
            case .text(let range): emitText(range)
            case .start(let name): start(name)
            case .end(let name): end(name)
            }
        }
        close(downTo: 0)
    }

    private mutating func emitText(_ range: Range<Int>) {
        let bytes = UnsafeBufferPointer(rebasing: tokenizer.bytes[range])
        steps += bytes.count
        let clean = CleanText.firstSpecial(in: bytes)
        if clean > 0 { sink.text(UnsafeBufferPointer(rebasing: bytes[..<clean])) }
        guard clean < bytes.count else { return }
        scratch.removeAll(keepingCapacity: true)
        rules.decode(UnsafeBufferPointer(rebasing: bytes[clean...]), inAttribute: false, into: &scratch)
        scratch.withUnsafeBufferPointer { sink.text($0) }
    }

    private mutating func start(_ name: HTMLName) {
        switch treatments[name] ?? .unwrap {
        case .keep(let element): start(element)
        case .unwrap: break
        case .dropScript: tokenizer.skipRaw(until: name)
        case .dropRaw: skipRaw(name)
        case .drop: skip(name, media: nil)
        case .frame:
            let sources = ["src", "data-src", "data-lazy-src"]
            emitLink(to: sources.compactMap { HTMLAttributeRules.value(HTMLName($0), in: tokenizer) })
            skipRaw(name)
        case .media:
            let address = HTMLAttributeRules.value(HTMLName("src"), in: tokenizer)
            skip(name, media: Media(kind: name == HTMLName("audio") ? "Audio" : "Video", address: address))
        case .source: images.offer(HTMLAttributeRules.value(HTMLName("srcset"), in: tokenizer))
        case .noscript: images.isInNoscript = true
        case .span: startSpan()
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
        let image = HTMLImage(in: tokenizer)
        guard let attributes = image.attributes(&rules, fallback: images.takeOffer()),
            images.isNew(attributes[.src] ?? "")
        else { return }
        sink.open(.img, attributes)
    }

    private mutating func end(_ name: HTMLName) {
        switch treatments[name] ?? .unwrap {
        case .keep(let element) where !element.isVoid: end(element)
        // `</br>` is a line break (HTML §13.2.6.4.7).
        case .keep(.br): sink.open(.br, [])
        case .noscript: images.isInNoscript = false
        case .span where creditSpans > 0:
            creditSpans -= 1
            if creditSpans == 0 { end(.small) }
        default: break
        }
    }

    private mutating func end(_ element: HTMLElement) {
        let isCellPart = element.isTablePart || element == .table
        for index in open.indices.reversed() {
            steps += 1
            if open[index] == element { return close(downTo: index) }
            if !isCellPart, open[index] == .td || open[index] == .th { return }
        }
    }

    /// Inside a caption a `span` of the right class is what others write as `small` or `cite`.
    private mutating func startSpan() {
        if creditSpans > 0 { return creditSpans += 1 }
        guard open.contains(.figcaption), open.count < HTMLSanitizer.maximumDepth,
            let list = HTMLAttributeRules.value(HTMLName("class"), in: tokenizer)?.lowercased()
        else { return }
        let words: [StaticString] = ["credit", "copyright", "byline", "attribution", "photographer", "source"]
        guard words.contains(where: { CleanText.contains(list, $0) }) else { return }
        creditSpans = 1
        sink.open(.small, [])
        open.append(.small)
    }

    /// What an element plays.
    private struct Media {
        var kind: String
        var address: String?
    }

    /// Skips a dropped element with its content; nested ones of the same name count. One that never ends is taken
    /// for a void one, so that a forgotten end tag does not swallow the article.
    private mutating func skip(_ name: HTMLName, media: Media?) {
        var media = media
        let last = lastEnd(of: name)
        var depth = last >= tokenizer.offset ? 1 : 0
        while depth > 0, let token = tokenizer.next() {
            steps += 1
            switch token {
            case .start(name): depth += 1
            case .end(name): depth -= 1
            case .start(let inner): skipInside(inner, &media)
            default: break
            }
            // No end tag is left for the others: stop where the last one was.
            if tokenizer.offset > last { break }
        }
        if let media, let reference = media.address, let address = rules.address(reference, for: .resource) {
            emitLink(HTMLEmbeds.Page(kind: media.kind, address: address), title: nil)
        }
    }

    private mutating func skipInside(_ name: HTMLName, _ media: inout Media?) {
        switch treatments[name] {
        case .dropScript: tokenizer.skipRaw(until: name)
        case .dropRaw, .frame: skipRaw(name)
        case .source where media != nil && media?.address == nil:
            media?.address = HTMLAttributeRules.value(HTMLName("src"), in: tokenizer)
        default: break
        }
    }

    /// A frame written `<iframe/>` must not swallow the article.
    private mutating func skipRaw(_ name: HTMLName) {
        if lastEnd(of: name) >= tokenizer.offset { tokenizer.skipRaw(until: name) }
    }

    private mutating func lastEnd(of name: HTMLName) -> Int {
        if let lastEnds { return lastEnds[name] ?? -1 }
        steps += tokenizer.bytes.count
        let ends = tokenizer.lastEndTags(of: treatments)
        lastEnds = ends
        return ends[name] ?? -1
    }

    private mutating func close(downTo count: Int) {
        while open.count > count {
            let element = open.removeLast()
            if element == .figcaption { creditSpans = 0 }
            sink.close(element)
        }
    }

    /// A link in the place of the first of these addresses that a known player has.
    private mutating func emitLink(to references: [String]) {
        let title = HTMLAttributeRules.value(HTMLName("title"), in: tokenizer)
        for reference in references {
            guard let address = rules.address(reference, for: .resource), let page = HTMLEmbeds.page(of: address)
            else { continue }
            return emitLink(page, title: CleanText.nonEmptyLine(title))
        }
    }

    private mutating func emitLink(_ page: HTMLEmbeds.Page, title: String?) {
        guard open.count + 2 <= HTMLSanitizer.maximumDepth else { return }
        closeImplied(by: .a)
        // Between blocks it is a block of its own.
        let isBlock = !open.contains { $0.isInline || $0 == .p || $0.headingLevel != nil || $0 == .figcaption }
        if isBlock { sink.open(.p, []) }
        sink.open(.a, [HTMLAttribute(name: .href, value: page.address)])
        CleanText.withBytes(of: title.map { "\(page.kind): \($0)" } ?? page.kind) { sink.text($0) }
        sink.close(.a)
        if isBlock { sink.close(.p) }
    }
}

/// Which elements end which.
extension HTMLFilter {
    fileprivate func fitsTable(_ element: HTMLElement) -> Bool {
        switch element {
        case .td, .th: open.contains(.tr)
        case .tr, .tbody, .thead, .tfoot, .caption: open.contains(.table)
        default: true
        }
    }

    fileprivate mutating func closeImplied(by element: HTMLElement) {
        switch element {
        case .li: closeLast([.li], within: [.ul, .ol])
        case .dt, .dd: closeLast([.dt, .dd], within: [.dl])
        case .td, .th: closeLast([.td, .th, .caption], within: [.table, .tr])
        case .tr: closeLast([.tr, .caption], within: [.table])
        case .tbody, .thead, .tfoot: closeLast([.tbody, .thead, .tfoot, .caption], within: [.table])
        case .a: closeLast([.a], within: [.td, .th])
        default: if !element.isInline || element == .hr { closeParagraph() }
        }
    }

    private mutating func closeLast(_ elements: ElementSet, within boundary: ElementSet) {
        for index in open.indices.reversed() {
            steps += 1
            if elements.contains(open[index]) { return close(downTo: index) }
            if boundary.contains(open[index]) { return }
        }
    }

    /// A block ends the paragraph or heading that is open, with the inline elements in it.
    private mutating func closeParagraph() {
        for index in open.indices.reversed() {
            steps += 1
            if open[index] == .p || open[index].headingLevel != nil { return close(downTo: index) }
            if !open[index].isInline { return }
        }
    }
}

/// Elements as the bits of a word.
private struct ElementSet: ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    init(arrayLiteral elements: HTMLElement...) { for element in elements { bits |= 1 << UInt64(element.rawValue) } }

    func contains(_ element: HTMLElement) -> Bool { bits & (1 << UInt64(element.rawValue)) != 0 }
}

/// What is known about images that a script would load.
private struct LateImages {
    var isInNoscript = false
    private var offer: String?
    private var last = ""

    /// The addresses of a `source`, for the image that follows.
    mutating func offer(_ set: String?) { if offer == nil { offer = set } }

    mutating func takeOffer() -> String? {
        defer { offer = nil }
        return offer
    }

    /// `noscript` repeats the image before it for those without scripts.
    mutating func isNew(_ address: String) -> Bool {
        defer { last = address }
        return !(isInNoscript && address == last)
    }
}
