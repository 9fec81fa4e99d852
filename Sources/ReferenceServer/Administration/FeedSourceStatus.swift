import SyncCore

/// How a source stands: what a person wants to know of it. Instants are milliseconds since 1970.
public struct FeedSourceStatus: Sendable, Hashable, Codable {
    /// Where it is fetched from.
    public var url: String
    /// The publication's id; `nil` until it was read once, unless it was given.
    public var publication: String?
    /// The feed's id; `nil` until it was read once, unless it was given.
    public var feed: String?
    /// The feed's title.
    public var title: String?
    /// When it was last asked for; `nil`: never.
    public var checked: Int64?
    /// When it last had something new; `nil`: never.
    public var changed: Int64?
    /// When it is to be asked for next.
    public var due: Int64
    /// Until when its server wants to be left alone.
    public var pausedUntil: Int64?
    /// Failures in a row.
    public var failures: Int
    /// Why the last fetch failed.
    public var problem: String?
    /// A new address that was seen, and is not believed yet.
    public var movingTo: String?
    /// Whether the server said that it is gone for good: it is asked for by name only.
    public var isGone: Bool

    init(_ source: FeedSource, title: String?) {
        url = source.fetch.url
        publication = source.publication?.text
        feed = source.feed?.text
        self.title = title ?? source.title
        checked = source.fetch.checked?.milliseconds
        changed = source.fetch.changed?.milliseconds
        due = source.fetch.due.milliseconds
        pausedUntil = source.fetch.pausedUntil?.milliseconds
        failures = source.fetch.failures
        problem = source.fetch.problem
        movingTo = source.fetch.move?.url
        isGone = source.fetch.isGone
    }
}
