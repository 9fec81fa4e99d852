import SyncCore

/// How a terminal takes pictures.
public enum PictureProtocol: Sendable, Hashable {
    /// The graphics protocol of kitty, also of Ghostty: PNG files, in pieces of base64.
    case kitty
    /// The inline images of iTerm2, also of WezTerm, mintty and Konsole: files of any kind that the terminal reads.
    case iTerm2
    /// Sixels, as a ``SixelPicture``: what a terminal shows that answers so (``TerminalAnswer/attributes(hasSixel:)``), tmux
    /// from 3.4 among them. They are made of a picture's file by a program of its own.
    case sixel

    /// What the environment says of the terminal; `nil` if it says nothing of pictures, or something stands between that
    /// would not pass them on (tmux, screen). Then the terminal itself may know ``sixel``.
    public init?(environment: (String) -> String?) {
        func has(_ name: String) -> Bool { !(environment(name) ?? "").isEmpty }
        let terminal = environment("TERM") ?? ""
        if has("TMUX") || has("STY") || terminal.hasPrefix("screen") || terminal.hasPrefix("tmux") { return nil }
        let program = environment("TERM_PROGRAM") ?? ""
        if has("KITTY_WINDOW_ID") || ["xterm-kitty", "xterm-ghostty"].contains(terminal) || program == "ghostty" {
            self = .kitty
        } else if ["iTerm.app", "WezTerm", "mintty"].contains(program) || environment("LC_TERMINAL") == "iTerm2"
            || has("KONSOLE_VERSION")
        {
            self = .iTerm2
        } else {
            return nil
        }
    }

    /// Most bytes of a file that is shown: a picture must not hold up the text over a slow line.
    public static let maximumBytes = 4 << 20

    /// Whether a file of this kind can be shown. libsixel as Debian builds it reads no WebP.
    public func takes(_ kind: PictureHeader.Kind) -> Bool {
        switch self {
        case .kitty: kind == .png
        case .iTerm2: true
        case .sixel: kind != .webp
        }
    }

    /// What shows a file at a place, in that many cells. It moves no text. Nothing for ``sixel``, which takes no files: see
    /// ``SixelPicture/show(at:)``.
    public func show(_ file: [UInt8], at place: Grid.Place, columns: Int, rows: Int) -> String {
        let move = Self.move(to: place)
        switch self {
        case .kitty:
            return move + Self.pieces(Base64.text(file), "a=T,f=100,C=1,q=2,c=\(columns),r=\(rows)") + "\u{1B}8"
        case .iTerm2:
            let size = "size=\(file.count);width=\(columns);height=\(rows);preserveAspectRatio=1;inline=1"
            return move + "\u{1B}]1337;File=\(size):\(Base64.text(file))\u{7}\u{1B}8"
        case .sixel: return ""
        }
    }

    /// Keeps the cursor's place, which `ESC 8` goes back to, and goes to another.
    static func move(to place: Grid.Place) -> String { "\u{1B}7\u{1B}[\(place.row + 1);\(place.column + 1)H" }

    /// What takes all pictures away; empty where drawing over them does.
    public var clear: String { self == .kitty ? "\u{1B}_Ga=d,d=A,q=2\u{1B}\\" : "" }

    /// kitty's protocol takes at most 4096 bytes at once.
    private static func pieces(_ text: String, _ control: String) -> String {
        var (out, rest, control) = ("", text.utf8[...], control + ",")
        repeat {
            let piece = rest.prefix(4_096)
            rest = rest.dropFirst(4_096)
            out += "\u{1B}_G\(control)m=\(rest.isEmpty ? 0 : 1);\(Substring(piece))\u{1B}\\"
            control = ""
        } while !rest.isEmpty
        return out
    }
}
