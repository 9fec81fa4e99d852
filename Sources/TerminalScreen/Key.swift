/// A key, as a terminal says that it was pressed.
public enum Key: Sendable, Hashable {
    /// A character that was typed.
    case character(Character)
    /// Control and a letter or one of `@[\]^_`, in lower case.
    case control(Character)
    /// Alt and a character.
    case alt(Character)
    /// Text that was pasted, up to ``KeyDecoder/maximumPaste`` bytes, with its line ends.
    case paste(String)
    case enter, tab, backTab, backspace, escape
    case up, down, left, right, home, end, pageUp, pageDown, insert, delete
    /// F1 and so on.
    case function(Int)
    /// No key: the terminal says something of itself.
    case answer(TerminalAnswer)
    /// A sequence that names no key known here, or an answer to what nobody asked.
    case other
}

extension Key: ExpressibleByUnicodeScalarLiteral, ExpressibleByExtendedGraphemeClusterLiteral {
    /// The key of a character.
    public init(extendedGraphemeClusterLiteral value: Character) { self = .character(value) }
}

extension Key {
    /// As help writes it: `j`, `Ctrl-D`, `PageDown`.
    public var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .control(let character): "Ctrl-" + character.uppercased()
        case .alt(let character): "Alt-" + String(character)
        case .paste: "paste"
        case .function(let number): "F\(number)"
        case .enter: "Enter"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .backspace: "Backspace"
        case .escape: "Esc"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PageUp"
        case .pageDown: "PageDown"
        case .insert: "Insert"
        case .delete: "Delete"
        case .answer, .other: "?"
        }
    }
}
