public import SyncPorts

/// What of a replica can be read without a network, what room it takes, and what waits.
public struct OfflineStatus: Sendable, Hashable {
    /// Something that waits, or that was set aside, of one kind.
    public struct Count: Sendable, Hashable {
        /// The field that was changed, or the reason why a change was set aside.
        public var kind: String
        /// How many there are.
        public var count: Int
    }

    /// A picture that cannot be fetched, for the reason that most have.
    public var commonestProblem: String?
    /// Articles that are listed and whose texts are not held.
    public var absentBodies: Int
    /// Which articles' texts are kept.
    public var keptBodies: KeptArticles
    /// Which articles' pictures are kept.
    public var keptPictures: KeptArticles
    /// Most bytes of pictures; `nil`: no bound.
    public var pictureBudget: Int64?
    /// How old articles may get, in milliseconds; `nil`: any age.
    public var maximumAge: Int64?
    /// The pictures.
    public var pictures: AssetTotals
    /// Bytes of the database's file.
    public var databaseBytes: Int64
    /// Bytes of its write-ahead log.
    public var logBytes: Int64
    /// Bytes of the database that are free, and used before the file grows.
    public var freeBytes: Int64
    /// The changes that have not reached the server, by field, the most first.
    public var pending: [Count]
    /// The changes that the server did not take, by reason, the most first.
    public var setAside: [Count]
}
