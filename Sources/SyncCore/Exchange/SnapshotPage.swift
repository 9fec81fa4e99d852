/// Where a snapshot goes on; opaque.
public struct SnapshotToken: Sendable, Hashable {
    /// The token's text.
    public var text: String

    /// Makes a token.
    public init(text: String) {
        self.text = text
    }
}

/// A page of all registers of a reader.
public struct SnapshotPage: Sendable, Hashable {
    /// The cursor from which the log must be followed so that nothing is missed: that of the first page.
    public var cursor: StateCursor
    /// The versions of the registers on this page.
    public var versions: [Version]
    /// The identities of all articles that the versions mention.
    public var articles: [ArticleName]
    /// Where to go on; `nil` after the last page.
    public var next: SnapshotToken?

    /// Makes a page.
    public init(cursor: StateCursor, versions: [Version], articles: [ArticleName], next: SnapshotToken?) {
        self.cursor = cursor
        self.versions = versions
        self.articles = articles
        self.next = next
    }
}
