import SyncCore
import TerminalText

/// The plain text of an article (see `PlainText` of FeedFormats, which wrote it) in lines of a width.
struct ArticleText: Sendable, Hashable {
    struct Line: Sendable, Hashable {
        var text: StyledText
        /// The link that the line stands for, as an index of ``ArticlePane/links``.
        var link: Int?

        init(_ text: StyledText, link: Int? = nil) { (self.text, self.link) = (text, link) }
    }

    /// The lines without the list of addresses at the end.
    private(set) var lines: [Line] = []
    /// For each line, the scalars of the text up to its end. Blanks do not count: where lines break, they vanish.
    private(set) var ends: [Int] = []
    /// The addresses that the text refers to by number, from 1.
    let addresses: [String]

    /// Longest part of a line that is held to be its mark, so that a hostile text cannot indent itself away.
    private static let maximumMark = 24

    init(_ text: String, width: Int) {
        let (body, addresses) = Self.split(SafeText.lines(text))
        self.addresses = addresses
        for line in body { add(line, width: width) }
    }

    /// Splits off the numbered addresses that the text ends with.
    private static func split(_ lines: [String]) -> ([String], [String]) {
        var addresses: [String] = []
        var rest = lines[...]
        while let last = rest.last, last.hasPrefix("["), let end = last.firstIndex(of: "]"),
            Int(last[last.index(after: last.startIndex)..<end]) != nil, last[end...].hasPrefix("] "),
            !last.dropFirst(last.distance(from: last.startIndex, to: end) + 2).contains(" ")
        {
            addresses.append(String(last[last.index(end, offsetBy: 2)...]))
            rest = rest.dropLast()
        }
        let numbers = lines.dropFirst(rest.count).enumerated()
        let isList = numbers.allSatisfy { index, line in line.hasPrefix("[\(index + 1)] ") }
        guard isList, !addresses.isEmpty, rest.last?.isEmpty ?? true else { return (lines, []) }
        while rest.last?.isEmpty == true { rest = rest.dropLast() }
        return (Array(rest), addresses.reversed())
    }

    private mutating func add(_ line: String, width: Int) {
        let (mark, hanging, style) = Self.mark(of: line)
        let content = String(line.dropFirst(mark.count))
        let isHeading = mark.hasPrefix("#")
        let first = isHeading ? "" : mark
        let room = max(10, width - TextWidth.columns(first))
        for (index, piece) in StyledText(content).wrapped(to: room).enumerated() {
            let lead = StyledText(index == 0 ? first : hanging, .dim)
            lines.append(Line(lead + Self.styled(piece.plain, style, links: addresses.count)))
            ends.append((ends.last ?? 0) + piece.plain.unicodeScalars.count { $0 != " " })
        }
    }

    /// What a line begins with, what its continuations begin with, and how it looks.
    private static func mark(of line: String) -> (String, String, StyledText.Style) {
        var (mark, hanging) = ("", "")
        var rest = Substring(line)
        while mark.count < maximumMark {
            if rest.hasPrefix("> ") {
                mark += "> "
                hanging += "> "
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix(" ") {
                mark += " "
                hanging += " "
                rest = rest.dropFirst()
            } else if let marker = listMark(rest) {
                mark += marker
                hanging += String(repeating: " ", count: marker.count)
                rest = rest.dropFirst(marker.count)
            } else {
                break
            }
        }
        if mark.isEmpty {
            let level = rest.prefix { $0 == "#" }.count
            if (1...6).contains(level), rest.dropFirst(level).hasPrefix(" ") {
                return (String(rest.prefix(level + 1)), "", .bold)
            }
            if rest.hasPrefix("[Image") { return ("", "", .dim) }
        }
        return (mark, hanging, .plain)
    }

    private static func listMark(_ text: Substring) -> String? {
        if text.hasPrefix("- ") { return "- " }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...4).contains(digits.count), text.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return digits + ". "
    }

    /// A piece of a line, with its references to links.
    private static func styled(_ text: String, _ style: StyledText.Style, links: Int) -> StyledText {
        guard links > 0, text.contains("[") else { return StyledText(text, style) }
        var (result, rest) = (StyledText(""), Substring(text))
        while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
            let number = Int(rest[rest.index(after: open)..<close])
            let isLink = number.map { (1...links).contains($0) } ?? false
            let end = rest.index(after: isLink ? close : open)
            result = result + StyledText(String(rest[..<(isLink ? open : end)]), style)
            if isLink { result = result + StyledText(String(rest[open..<end]), .accent) }
            rest = rest[end...]
        }
        return result + StyledText(String(rest), style)
    }
}
