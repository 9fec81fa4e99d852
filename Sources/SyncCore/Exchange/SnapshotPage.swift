/// Where a snapshot goes on; opaque.
public struct SnapshotToken: Sendable, Hashable {
    /// The token's text.
    public var text: String

    /// Makes a token.
    public init(text: String) {
        self.text = text
    }
}

/// A page of all registers of a reader, as they were at its cursor.
public struct SnapshotPage: Sendable, Hashable {
    /// The cursor from which the log must be followed so that nothing is missed: the same on all pages.
    public var cursor: StateCursor
    /// The versions of the registers on this page; none stands beyond the cursor.
    public var versions: [Version]
    /// Where to go on; `nil` after the last page.
    public var next: SnapshotToken?

    /// Makes a page.
    public init(cursor: StateCursor, versions: [Version], next: SnapshotToken?) {
        self.cursor = cursor
        self.versions = versions
        self.next = next
    }
}
