/// The rules of ``PlainText`` over sanitised events.
struct PlainTextWriter: HTMLSink {
    /// A quote or list item that later lines belong to.
    private struct Container {
        /// What the first line starts with, until it is written.
        var marker: String?
        /// What every later line starts with.
        var indent: String
    }

    private var out: [UInt8] = []
    private var containers: [Container] = []
    /// The number of the next item, `nil` in an unordered list.
    private var lists: [Int?] = []
    private var pendingBreaks = 0
    private var pendingBlank = false
    private var preformatted = 0
    private var links: [String] = []
    private var linkNumbers: [String: Int] = [:]
    private var openLinks: [(address: String?, start: Int)] = []
    private var figure = FigureText()
    private var cellsInRow = 0

    init(capacity: Int) { out.reserveCapacity(capacity) }

    /// The rendered text, trimmed, with the list of links.
    mutating func finish() -> String {
        while let last = out.last, CleanText.isBlank(last) { out.removeLast() }
        for (index, link) in links.enumerated() {
            out.append(contentsOf: "\(index == 0 ? "\n\n" : "\n")[\(index + 1)] \(link)".utf8)
        }
        return String(decoding: out, as: UTF8.self)
    }

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        switch element {
        case .br:
            if figure.isInCaption { figure.append(" ") } else { pendingBreaks = min(pendingBreaks + 1, 2) }
        case .hr:
            requestBreaks(2)
            write("* * *")
            requestBreaks(2)
        case .img: openImage(attributes)
        case .figure: figure.enter()
        case .figcaption: figure.isInCaption = figure.depth > 0
        case .cite, .small: figure.isInCredit = figure.isInCaption
        case .a: openLinks.append((attributes.first { $0.name == "href" }?.value, out.count))
        case .ul, .ol:
            requestBreaks(lists.isEmpty ? 2 : 1)
            let start = attributes.first { $0.name == "start" }.flatMap { Int($0.value) } ?? 1
            lists.append(element == .ol ? start : nil)
        case .li: openItem()
        case .blockquote:
            requestBreaks(2)
            containers.append(Container(marker: "> ", indent: "> "))
        case .pre:
            requestBreaks(2)
            preformatted += 1
        case .td, .th:
            if cellsInRow > 0 { write(" | ") }
            cellsInRow += 1
        case .tr:
            requestBreaks(1)
            cellsInRow = 0
        case .q: write("\u{201C}")
        default: requestBreaks(Self.breaks(around: element))
        }
        if let level = element.headingLevel {
            write(String(repeating: "#", count: level))
            pendingBlank = true
        }
    }

    mutating func close(_ element: HTMLElement) {
        switch element {
        case .figure:
            if let text = figure.leave() {
                requestBreaks(2)
                write(text)
            }
            requestBreaks(2)
        case .figcaption:
            figure.isInCaption = false
            figure.isInCredit = false
        case .cite, .small: figure.isInCredit = false
        case .a: closeLink()
        case .ul, .ol:
            _ = lists.popLast()
            requestBreaks(lists.isEmpty ? 2 : 1)
        case .li: closeContainer(breaks: 1)
        case .blockquote: closeContainer(breaks: 2)
        case .pre:
            preformatted -= 1
            requestBreaks(2)
        case .q: write("\u{201D}")
        case .td, .th, .tr: if element == .tr { requestBreaks(1) }
        default: requestBreaks(Self.breaks(around: element))
        }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if figure.isInCaption { return figure.append(bytes) }
        if preformatted > 0 { return appendPreformatted(bytes) }
        var start = 0
        for index in bytes.indices where CleanText.isBlank(bytes[index]) {
            if index > start { appendWord(UnsafeBufferPointer(rebasing: bytes[start..<index])) }
            pendingBlank = true
            start = index + 1
        }
        if start < bytes.count { appendWord(UnsafeBufferPointer(rebasing: bytes[start...])) }
    }

    private mutating func write(_ text: String) { CleanText.withBytes(of: text) { appendWord($0) } }

    private mutating func appendWord(_ bytes: UnsafeBufferPointer<UInt8>) {
        if pendingBreaks > 0 || out.isEmpty {
            startLine()
        } else if pendingBlank {
            out.append(0x20)
        }
        pendingBlank = false
        out.append(contentsOf: bytes)
    }

    /// Writes the line breaks that are due and the marks of quotes and items.
    private mutating func startLine() {
        if !out.isEmpty {
            if pendingBreaks > 1 {
                out.append(0x0A)
                appendPrefix(trimmed: true)
            }
            out.append(0x0A)
        }
        pendingBreaks = 0
        pendingBlank = false
        appendPrefix(trimmed: false)
    }

    private mutating func appendPrefix(trimmed: Bool) {
        let start = out.count
        for index in containers.indices {
            if !trimmed, let marker = containers[index].marker {
                out.append(contentsOf: marker.utf8)
                containers[index].marker = nil
            } else {
                // Before its first line an item has no line to be blank in.
                if trimmed, containers[index].marker != nil { break }
                out.append(contentsOf: containers[index].indent.utf8)
            }
        }
        if trimmed { while out.count > start, out.last == 0x20 { out.removeLast() } }
    }

    private mutating func appendPreformatted(_ bytes: UnsafeBufferPointer<UInt8>) {
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if index > 0 {
                if pendingBreaks > 0 || out.isEmpty { continue }
                out.append(0x0A)
                appendPrefix(trimmed: line.isEmpty)
            }
            guard !line.isEmpty else { continue }
            if pendingBreaks > 0 || out.isEmpty { startLine() }
            out.append(contentsOf: line)
        }
    }

    private mutating func requestBreaks(_ count: Int) {
        // The first paragraph of an item stands beside its mark.
        guard !figure.isInCaption, count > 0, containers.last?.marker == nil else { return }
        pendingBreaks = max(pendingBreaks, count)
    }

    private mutating func openItem() {
        requestBreaks(1)
        var marker = "- "
        if let last = lists.last, let number = last {
            marker = "\(number). "
            lists[lists.count - 1] = number + 1
        }
        containers.append(Container(marker: marker, indent: String(repeating: " ", count: marker.utf8.count)))
    }

    private mutating func closeContainer(breaks: Int) {
        _ = containers.popLast()
        requestBreaks(breaks)
    }

    private mutating func openImage(_ attributes: [HTMLAttribute]) {
        let alt = attributes.first { $0.name == "alt" }?.value
        if figure.depth > 0 { return figure.addImage(alt: alt) }
        // An empty text says that the image adds nothing.
        guard alt != "" else { return }
        write(alt.map { "[Image: \($0)]" } ?? "[Image]")
    }

    private mutating func closeLink() {
        guard let link = openLinks.popLast(), let address = link.address, out.count > link.start,
            !figure.isInCaption
        else { return }
        let shown = String(decoding: out[link.start...].drop(while: CleanText.isBlank), as: UTF8.self)
        guard shown != address, "mailto:" + shown != address else { return }
        let number = linkNumbers[address] ?? links.count + 1
        if number > links.count {
            links.append(address)
            linkNumbers[address] = number
        }
        out.append(contentsOf: " [\(number)]".utf8)
    }

    private static func breaks(around element: HTMLElement) -> Int {
        switch element {
        case .dt, .dd, .div, .figcaption, .caption, .summary, .tbody, .thead, .tfoot: 1
        default: element.isInline ? 0 : 2
        }
    }
}

/// The caption and credit of the figure that is being read.
struct FigureText {
    private(set) var depth = 0
    var isInCaption = false
    var isInCredit = false
    private var hasImage = false
    private var alt: String?
    private var caption = ""
    private var credit = ""

    mutating func enter() {
        depth += 1
        if depth == 1 { (hasImage, alt, caption, credit) = (false, nil, "", "") }
    }

    mutating func addImage(alt text: String?) {
        hasImage = true
        if alt == nil, let text, !text.isEmpty { alt = text }
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        append(String(decoding: bytes, as: UTF8.self))
    }

    mutating func append(_ text: String) {
        if isInCredit { credit += text } else { caption += text }
    }

    /// `[Image: caption (credit)]`, or the bare caption of a figure without image.
    mutating func leave() -> String? {
        depth -= 1
        isInCaption = false
        guard depth == 0 else { return nil }
        let words = CleanText.nonEmptyLine(caption) ?? (hasImage ? alt : nil)
        let source = CleanText.nonEmptyLine(credit)
        guard hasImage else { return [words, source].compactMap { $0 }.joined(separator: " ").nonEmpty }
        guard let words else { return source.map { "[Image (\($0))]" } ?? "[Image]" }
        return source.map { "[Image: \(words) (\($0))]" } ?? "[Image: \(words)]"
    }
}

extension String {
    /// The string, or `nil` when it is empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}
