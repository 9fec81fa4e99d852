/// A line, in pieces of one look each. Holds no escape sequence: ``rendered(colour:)`` turns looks into them, and the
/// text was made harmless before.
public struct StyledText: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// How a piece looks on a terminal with colours.
    public enum Style: Sendable, Hashable {
        case plain, bold, dim, good, warning, bad, accent

        /// The parameter of the control sequence SGR (ECMA-48 §8.3.117); `nil` for the terminal's own look.
        public var code: String? {
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

    /// Text of one look.
    public struct Piece: Sendable, Hashable {
        /// Its characters, harmless for a terminal.
        public var text: String
        /// Its look.
        public var style: Style
    }

    /// What it is made of, in order.
    public private(set) var pieces: [Piece]

    /// A text of one look, made harmless by ``SafeText/line(_:)``.
    public init(_ text: String, _ style: Style = .plain) {
        pieces = text.isEmpty ? [] : [Piece(text: SafeText.line(text), style: style)]
    }

    /// A plain text.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// One after the other.
    public static func + (left: StyledText, right: StyledText) -> StyledText {
        var result = left
        result.pieces += right.pieces
        return result
    }

    /// The text without looks.
    public var plain: String { pieces.map(\.text).joined() }

    /// The columns it takes.
    public var columns: Int { pieces.reduce(0) { $0 + TextWidth.columns($1.text) } }

    /// The beginning that fits, with an ellipsis if it is not all.
    public func truncated(to columns: Int) -> StyledText {
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
    public func padded(to columns: Int, atLeft: Bool = false) -> StyledText {
        let blanks = StyledText(String(repeating: " ", count: max(0, columns - self.columns)))
        return atLeft ? blanks + self : self + blanks
    }

    /// As bytes for a terminal.
    public func rendered(colour: Bool) -> String {
        guard colour else { return plain }
        return pieces.map { piece in
            piece.style.code.map { "\u{1B}[\($0)m\(piece.text)\u{1B}[0m" } ?? piece.text
        }.joined()
    }
}
