/// The rules of ``PlainText`` over sanitised events.
struct PlainTextWriter: HTMLSink {
    /// Quotes and lists that are shown inside each other; deeper ones are not marked, so that a line of one letter
    /// cannot carry a page of marks.
    static let maximumIndents = 12
    /// Longest row of a table whose cells are put on one line, in bytes; what is longer is layout, not a table.
    static let maximumRow = 1000

    private var lines: IndentedLines
    private var lists: [Int?] = []
    private var preformatted = 0
    private var footnotes = Footnotes()
    private var openLinks: [(address: String?, isInCaption: Bool, start: Int)] = []
    private var figure = FigureText()
    private var rows: [(start: Int, cells: Int)] = []

    /// - Parameter capacity: Size of the HTML in bytes: room is made for it, and marks may add four times that.
    init(capacity: Int) { lines = IndentedLines(inputBytes: capacity) }

    /// The rendered text, trimmed, with the list of links.
    mutating func finish() -> String {
        lines.trim()
        for (index, address) in footnotes.addresses.enumerated() {
            lines.appendRaw("\(index == 0 ? "\n\n" : "\n")[\(index + 1)] \(address)")
        }
        return lines.text
    }

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        switch element {
        case .br: if figure.isInCaption { figure.append(" ") } else { lines.addBreak() }
        case .img: openImage(attributes)
        case .figure: figure.enter()
        case .figcaption: figure.isInCaption = figure.depth > 0
        case .cite, .small: figure.isInCredit = figure.isInCaption
        case .a:
            openLinks.append(
                (attributes[.href], figure.isInCaption, figure.isInCaption ? figure.length : lines.count))
        case .q: write("\u{201C}")
        default: if !figure.isInCaption { openBlock(element, attributes) }
        }
    }

    mutating func close(_ element: HTMLElement) {
        switch element {
        case .figure:
            if let text = figure.leave() {
                lines.request(2)
                lines.append(text)
            }
            if !figure.isInCaption { lines.request(2) }
        case .figcaption:
            figure.isInCaption = false
            figure.isInCredit = false
        case .cite, .small: figure.isInCredit = false
        case .a: closeLink()
        case .q: write("\u{201D}")
        default: if !figure.isInCaption { closeBlock(element) } else if !element.isInline { figure.append(" ") }
        }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if figure.isInCaption { return figure.append(bytes) }
        if preformatted > 0 { return lines.appendPreformatted(bytes) }
        lines.appendText(bytes)
    }

    private mutating func openBlock(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        switch element {
        case .hr:
            lines.request(2)
            lines.append("* * *")
            lines.request(2)
        case .ul, .ol:
            lines.request(lists.isEmpty ? 2 : 1)
            lists.append(element == .ol ? attributes[.start].flatMap { Int($0) } ?? 1 : nil)
        case .li: openItem(number: attributes[.value].flatMap { Int($0) })
        case .dd:
            lines.request(1)
            lines.enter(marker: "  ", indent: "  ")
        case .blockquote:
            lines.request(2)
            lines.enter(marker: "> ", indent: "> ")
        case .pre:
            lines.request(2)
            preformatted += 1
        case .tr:
            lines.request(1)
            rows.append((lines.count, 0))
        case .td, .th: openCell()
        default:
            lines.request(Self.breaks(around: element))
            if let level = element.headingLevel { lines.append("######".prefix(level) + " ", isMark: true) }
        }
    }

    private mutating func closeBlock(_ element: HTMLElement) {
        switch element {
        case .ul, .ol:
            _ = lists.popLast()
            lines.request(lists.isEmpty ? 2 : 1)
        case .li, .dd:
            lines.leave()
            lines.request(1)
        case .blockquote:
            lines.leave()
            lines.request(2)
        case .pre:
            preformatted -= 1
            lines.request(2)
        case .tr:
            if let row = rows.popLast(), row.cells > 1 {
                lines.joinLines(from: row.start, limit: Self.maximumRow)
            }
            lines.request(1)
        case .td, .th: break
        default: lines.request(Self.breaks(around: element))
        }
    }

    private mutating func write(_ text: String) {
        if figure.isInCaption { figure.append(text) } else { lines.append(text) }
    }

    private mutating func openItem(number: Int?) {
        lines.request(1)
        var marker = "- "
        if let last = lists.last, let next = last {
            marker = "\(number ?? next). "
            lists[lists.count - 1] = (number ?? next) + 1
        }
        lines.enter(marker: marker, indent: String(repeating: " ", count: marker.utf8.count))
    }

    private mutating func openCell() {
        guard !rows.isEmpty else { return }
        if rows[rows.count - 1].cells > 0 { lines.append("| ", isMark: true, spaced: true) }
        rows[rows.count - 1].cells += 1
    }

    private mutating func openImage(_ attributes: [HTMLAttribute]) {
        let alt = attributes[.alt]
        if figure.depth > 0 { return figure.addImage(alt: alt?.nonEmpty ?? attributes[.title]) }
        // An empty text says that the image adds nothing.
        guard alt != "" else { return }
        write((alt ?? attributes[.title]).map { "[Image: \($0)]" } ?? "[Image]")
    }

    private mutating func closeLink() {
        guard let link = openLinks.popLast(), let address = link.address else { return }
        guard !figure.isInCaption else {
            if link.isInCaption, figure.length > link.start {
                figure.append(" [\(footnotes.number(of: address))]")
            }
            return
        }
        guard !link.isInCaption, lines.count > link.start, !lines.shows(address, from: link.start) else { return }
        lines.appendRaw(" [\(footnotes.number(of: address))]")
    }

    private static func breaks(around element: HTMLElement) -> Int {
        switch element {
        case .dt, .div, .figcaption, .caption, .summary, .tbody, .thead, .tfoot: 1
        default: element.isInline ? 0 : 2
        }
    }
}

/// The addresses that a text refers to by number.
private struct Footnotes {
    private(set) var addresses: [String] = []
    private var numbers: [String: Int] = [:]

    /// The number of `address`, the same each time.
    mutating func number(of address: String) -> Int {
        if let known = numbers[address] { return known }
        addresses.append(address)
        numbers[address] = addresses.count
        return addresses.count
    }
}
