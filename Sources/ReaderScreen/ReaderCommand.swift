public import TerminalScreen

/// What a key asks for.
public enum ReaderCommand: Sendable, Hashable, CaseIterable {
    case down, up, pageDown, pageUp, halfDown, halfUp, top, bottom
    case open, back, switchPane, nextLink, previousLink, nextArticle, previousArticle, nextHit, previousHit
    case browse, toggleRead, markUnread, toggleSaved, editTags, editNote, markAllRead, undo
    case search, find, changes, toggleUnreadOnly, toggleCompact, refresh, redraw, help, suspend, leave, quit
}

/// Where a key is pressed.
public enum ReaderFocus: Sendable, Hashable, CaseIterable {
    /// Feeds, sections, tags.
    case sources
    /// A list of articles.
    case list
    /// One article.
    case article
}

/// The keys: the one table from which keys are understood and help is made. As newsboat, less and vi have them.
public struct KeyBinding: Sendable {
    /// Any of these.
    public var keys: [Key]
    /// What they ask for.
    public var command: ReaderCommand
    /// Where.
    public var focuses: [ReaderFocus]
    /// What it does, in a few words.
    public var help: String
    /// The word beside the key in the line at the bottom; `nil`: it is not shown there.
    public var hint: String?

    init(
        _ keys: [Key], _ command: ReaderCommand, _ focuses: [ReaderFocus], _ help: String,
        hint: String? = nil
    ) {
        (self.keys, self.command, self.focuses, self.help, self.hint) = (keys, command, focuses, help, hint)
    }

    /// The table.
    public static let all: [KeyBinding] = [
        KeyBinding(["j", .down], .down, "down"),
        KeyBinding(["k", .up], .up, "up"),
        KeyBinding([" ", .pageDown, .control("f")], .pageDown, "a screen down"),
        KeyBinding(["b", .pageUp, .control("b")], .pageUp, "a screen up"),
        KeyBinding([.control("d")], .halfDown, "half a screen down"),
        KeyBinding([.control("u")], .halfUp, "half a screen up"),
        KeyBinding(["g", .home], .top, "to the top"),
        KeyBinding(["G", .end], .bottom, "to the end"),
        KeyBinding([.enter, "l", .right], .open, [.sources, .list], "open", hint: "open"),
        KeyBinding([.enter, "l", .right], .open, [.article], "follow the chosen link, here if it is held offline"),
        KeyBinding([.tab], .nextLink, [.article], "choose the next link", hint: "links"),
        KeyBinding([.backTab], .previousLink, [.article], "choose the link before"),
        KeyBinding([.tab, .backTab], .switchPane, [.sources, .list], "between sources and list"),
        KeyBinding(["h", .left, .escape], .back, "back", hint: "back"),
        KeyBinding(["n"], .nextHit, [.list], "the next unread article"),
        KeyBinding(["N"], .previousHit, [.list], "the unread article before"),
        KeyBinding(
            ["n"], .nextHit, [.article], "the next place that '/' finds, else the next unread article", hint: "next"),
        KeyBinding(["N"], .previousHit, [.article], "the same, backwards"),
        KeyBinding(["J"], .nextArticle, [.article], "the next article of the list"),
        KeyBinding(["K"], .previousArticle, [.article], "the article before in the list"),
        KeyBinding(["/"], .search, [.sources, .list], "search as you type", hint: "search"),
        KeyBinding(["/"], .find, [.article], "find in the text"),
        KeyBinding(
            ["o"], .browse, [.list, .article], "open the page, or the chosen link, in a browser", hint: "browser"),
        KeyBinding(["c"], .changes, [.article], "the words that were corrected since you read it"),
        KeyBinding(["s"], .toggleSaved, [.list, .article], "save for later, or let go", hint: "save"),
        KeyBinding(["r"], .toggleRead, [.list, .article], "mark read or unread"),
        KeyBinding(["u"], .markUnread, [.list, .article], "mark unread"),
        KeyBinding(["t"], .editTags, [.list, .article], "tags"),
        KeyBinding(["e"], .editNote, [.list, .article], "write a note in $VISUAL or $EDITOR"),
        KeyBinding(["A"], .markAllRead, [.list], "mark all articles of this list read"),
        KeyBinding(["z"], .undo, "take the last mark back"),
        KeyBinding(["f"], .toggleUnreadOnly, [.sources, .list], "only unread ones, or all"),
        KeyBinding(["v"], .toggleCompact, [.sources, .list], "one line an article, or three"),
        KeyBinding(["R"], .refresh, [.sources, .list], "read the list anew"),
        KeyBinding([.control("l")], .redraw, "draw the screen anew"),
        KeyBinding(["?", .function(1)], .help, "this help", hint: "help"),
        KeyBinding([.control("z")], .suspend, "to the shell; 'fg' comes back"),
        KeyBinding(["q"], .leave, "back from an article; elsewhere, quit", hint: "quit"),
        KeyBinding(["Q", .control("c")], .quit, "quit"),
    ]

    private init(_ keys: [Key], _ command: ReaderCommand, _ help: String, hint: String? = nil) {
        self.init(keys, command, ReaderFocus.allCases, help, hint: hint)
    }

    /// What a key asks for.
    static func command(of key: Key, in focus: ReaderFocus) -> ReaderCommand? {
        all.first { $0.focuses.contains(focus) && $0.keys.contains(key) }?.command
    }

    /// The keys as help writes them.
    public var names: String { keys.map(\.name).joined(separator: ", ") }
}
