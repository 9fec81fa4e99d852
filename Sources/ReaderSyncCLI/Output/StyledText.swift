/// A line, in pieces of one look each. Holds no escape sequence: only ``Output`` turns looks into them, after
/// making the text harmless.
struct StyledText: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// How a piece looks on a terminal with colours.
    enum Style: Sendable, Hashable {
        case plain, bold, dim, good, warning, bad, accent

        var code: String? {
            switch self {
            case .plain: nil
            case .bold: "1"
            case .dim: "2"
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            case .accent: "36"
            }
        }
    }

    struct Piece: Sendable, Hashable {
        var text: String
        var style: Style
    }

    private(set) var pieces: [Piece]

    init(_ text: String, _ style: Style = .plain) {
        pieces = text.isEmpty ? [] : [Piece(text: SafeText.line(text), style: style)]
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        var result = left
        result.pieces += right.pieces
        return result
    }

    /// The text without looks.
    var plain: String { pieces.map(\.text).joined() }

    /// The columns it takes.
    var columns: Int { pieces.reduce(0) { $0 + TextWidth.columns($1.text) } }

    /// The beginning that fits, with an ellipsis if it is not all.
    func truncated(to columns: Int) -> StyledText {
        guard self.columns > columns else { return self }
        var (result, left) = (StyledText(""), columns)
        for piece in pieces {
            let width = TextWidth.columns(piece.text)
            // One column stays for the ellipsis, unless this piece is the last and fits.
            if width >= left {
                let cut = width == left ? piece.text + " " : piece.text
                result.pieces.append(Piece(text: TextWidth.truncated(cut, to: left), style: piece.style))
                break
            }
            result.pieces.append(piece)
            left -= width
        }
        return result
    }

    /// Filled up with blanks at the right, or at the left.
    func padded(to columns: Int, atLeft: Bool = false) -> StyledText {
        let blanks = StyledText(String(repeating: " ", count: max(0, columns - self.columns)))
        return atLeft ? blanks + self : self + blanks
    }

    /// As bytes for a terminal.
    func rendered(colour: Bool) -> String {
        guard colour else { return plain }
        return pieces.map { piece in
            piece.style.code.map { "\u{1B}[\($0)m\(piece.text)\u{1B}[0m" } ?? piece.text
        }.joined()
    }
}
