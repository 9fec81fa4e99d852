public import TerminalText

/// How a cell looks.
public struct CellStyle: Sendable, Hashable {
    /// A colour of the terminal's own palette, so that it fits whatever the person chose.
    public enum Colour: UInt8, Sendable, Hashable, CaseIterable {
        case black, red, green, yellow, blue, magenta, cyan, white
    }

    /// The colour of its character; `nil` for the terminal's own.
    public var colour: Colour?
    /// Whether it stands out.
    public var isBold = false
    /// Whether it stands back.
    public var isDim = false
    /// Whether there is a line below it.
    public var isUnderlined = false
    /// Character and background change places: shown by every terminal, also without colours.
    public var isReversed = false

    /// Makes a look.
    public init(
        _ colour: Colour? = nil, bold: Bool = false, dim: Bool = false, underlined: Bool = false, reversed: Bool = false
    ) {
        self.colour = colour
        (isBold, isDim, isUnderlined, isReversed) = (bold, dim, underlined, reversed)
    }

    /// The terminal's own look.
    public static let plain = CellStyle()

    /// The look of a piece of a line.
    public init(_ style: StyledText.Style) {
        switch style {
        case .plain: self.init()
        case .bold: self.init(bold: true)
        case .dim: self.init(dim: true)
        case .good: self.init(.green)
        case .warning: self.init(.yellow)
        case .bad: self.init(.red)
        case .accent: self.init(.cyan)
        }
    }

    /// The control sequence that sets exactly this look (SGR, ECMA-48 §8.3.117).
    func sequence(_ depth: ColourDepth) -> String {
        var codes = ["0"]
        if isBold { codes.append("1") }
        if isDim { codes.append("2") }
        if isUnderlined { codes.append("4") }
        if isReversed { codes.append("7") }
        if depth == .sixteen, let colour { codes.append(String(30 + colour.rawValue)) }
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }
}

/// How many colours a terminal has, or may use.
public enum ColourDepth: Sendable, Hashable {
    /// None; bold, dim, underlined and reversed characters are no colours.
    case none
    /// The terminal's palette.
    case sixteen

    /// What the environment asks for: `NO_COLOR` (no-color.org), or a terminal that never had colours.
    ///
    /// - Parameter isWanted: what was said elsewhere; goes before `NO_COLOR`.
    public init(environment: (String) -> String?, isWanted: Bool? = nil) {
        let isUnwanted = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        let terminal = environment("TERM") ?? ""
        let isOld = terminal.hasPrefix("vt1") || terminal.hasPrefix("vt2") || terminal.hasSuffix("-mono")
        self = (isWanted ?? !isUnwanted) && !isOld ? .sixteen : .none
    }
}
