/// What is remembered of fetching one feed: enough to ask cheaply, politely and not too often the next time.
public struct FetchRecord: Sendable, Hashable {
    /// A permanent redirect that was seen, and how often in a row.
    public struct Move: Sendable, Hashable {
        /// Where it leads.
        public var url: String
        /// Fetches in a row that were led there, 1 and up.
        public var count: Int

        /// Makes a move.
        public init(url: String, count: Int) {
            self.url = url
            self.count = count
        }
    }

    /// Where the feed is fetched from: `http` or `https`.
    public var url: String
    /// The validator of the last body that was read (RFC 9110 §8.8.3).
    public var etag: String?
    /// The date of the last body that was read, as the server wrote it (RFC 9110 §8.8.2).
    public var lastModified: String?
    /// The digest of the last body that was read: servers that know no validators send the same bytes again.
    public var bodyDigest: Digest128?
    /// When it was last asked for; `nil`: never.
    public var checked: WallTime?
    /// When it last had something new; `nil`: never.
    public var changed: WallTime?
    /// When it should be asked for next; a person may ask sooner.
    public var due: WallTime
    /// Until when the server wants to be left alone (`Retry-After`); nobody asks sooner. `nil`: no matter.
    public var pausedUntil: WallTime?
    /// The interval between two fetches, as it adapted, in milliseconds; 0: not known yet.
    public var interval: Int64
    /// Failures in a row.
    public var failures: Int
    /// Why the last fetch failed, in a sentence; `nil` if it did not.
    public var problem: String?
    /// A permanent redirect that was not seen often enough yet to be believed.
    public var move: Move?
    /// The server said that the feed is gone for good (410): it is not fetched until a person asks for it by name.
    public var isGone: Bool

    /// Makes the record of a feed that was never fetched.
    public init(url: String) {
        self.url = url
        due = WallTime(milliseconds: 0)
        interval = 0
        failures = 0
        isGone = false
    }
}
