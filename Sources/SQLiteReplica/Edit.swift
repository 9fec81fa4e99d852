public import SyncCore

/// One thing that the reader does: a field is set to a value.
public struct Edit: Sendable, Hashable {
    /// What is set.
    public var key: RegisterKey
    /// What it is set to. A note's base is ignored: it is always the text that the replica shows.
    public var value: Value

    /// Makes an edit.
    public init(_ key: RegisterKey, _ value: Value) {
        self.key = key
        self.value = value
    }

    /// Marks an article read or unread.
    public static func read(_ article: ArticleID, _ isRead: Bool, by origin: MarkOrigin) -> Edit? {
        RegisterKey(.article(article), .read).map { Edit($0, .read(isRead, by: origin)) }
    }

    /// Saves an article, or lets it go.
    public static func saved(_ article: ArticleID, _ isSaved: Bool) -> Edit? {
        RegisterKey(.article(article), .saved).map { Edit($0, .flag(isSaved)) }
    }

    /// Puts a tag on an article, or takes it off.
    public static func tag(_ article: ArticleID, _ tag: TagName, _ isSet: Bool) -> Edit? {
        RegisterKey(.article(article), .tag(tag)).map { Edit($0, .flag(isSet)) }
    }

    /// Sets how far an article was read, in basis points, 0...10,000.
    public static func progress(_ article: ArticleID, _ points: Int) -> Edit? {
        RegisterKey(.article(article), .progress).map { Edit($0, .progress(points)) }
    }

    /// Writes a note on an article; empty for none.
    public static func note(_ article: ArticleID, _ text: String) -> Edit? {
        RegisterKey(.article(article), .note).map { Edit($0, .note(text, base: "")) }
    }
}

/// What recording edits did.
public struct RecordSummary: Sendable, Hashable {
    /// Edits that became changes.
    public var recorded: Int
    /// Edits that say what is shown already; nothing was written for them.
    public var unchanged: Int
    /// Changes that took the place of one that had not left yet; part of ``recorded``.
    public var coalesced: Int
    /// What ``Replica/undo(_:isForced:at:)`` calls them; `nil` if nothing was recorded.
    public var batch: Int64?

    /// Makes a summary.
    public init(recorded: Int = 0, unchanged: Int = 0, coalesced: Int = 0, batch: Int64? = nil) {
        self.recorded = recorded
        self.unchanged = unchanged
        self.coalesced = coalesced
        self.batch = batch
    }

    /// Adds what one more part of the same command did.
    mutating func add(_ part: RecordSummary) {
        recorded += part.recorded
        unchanged += part.unchanged
        coalesced += part.coalesced
        batch = batch ?? part.batch
    }
}
