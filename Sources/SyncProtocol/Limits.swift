import SyncCore

/// Every limit of protocol version 1. Both sides hold them: the sender so as not to be refused, the receiver since
/// nothing from outside is trusted. `Protocol/spec.md` lists them under these names.
public enum Limits {
    /// The protocol's version, sent in every request.
    public static let protocolVersion = 1
    /// Longest time that a request waits for news, in seconds: less than what proxies allow.
    public static let watchSeconds = 50
    /// Most bytes of a token of ``Route/watch``.
    public static let watchTokenBytes = 64
    /// Most changes in one push.
    public static let pushChanges = 1_000
    /// Most bytes of encoded changes in one push; a sender stops before.
    public static let pushBytes = 2 << 20
    /// Most bytes of a request's body, after decompression.
    public static let requestBytes = 4 << 20
    /// Most bytes of an answer's body, after decompression.
    public static let responseBytes = 32 << 20
    /// Most entries of the log in one answer.
    public static let pageEntries = 1_000
    /// The server ends a page of entries or versions when it holds this many bytes of notes and other texts.
    public static let pageBytes = 4 << 20
    /// Most versions in one page of a snapshot.
    public static let snapshotVersions = 1_000
    /// Most entries in one offer of a restore.
    public static let restoreEntries = 1_000
    /// Most cursors in one search for a common one.
    public static let commonCursors = 64
    /// Most entries of a publication's history that come inline.
    public static let inlineEntries = 32
    /// Most bytes of them.
    public static let inlineBytes = 256 << 10
    /// Most publications in one request.
    public static let publications = 1_000
    /// Most bytes of one line of a tile: one article.
    public static let lineBytes = 2 << 20
    /// Most rows of marks that come as columns in one message.
    public static let markRows = 10_000
    /// Most single sequences in a change's `also`.
    public static let seenAlso = 256
    /// Most identities of replicas that an account names the devices of.
    public static let accountDevices = Account.maximumDevices
    /// Longest name of a device, in bytes.
    public static let deviceNameBytes = Account.maximumDeviceNameBytes
    /// Longest token, in bytes.
    public static let tokenBytes = 256
    /// Most unknown members of a change, and most bytes of them.
    public static let extraMembers = 16
    /// Most bytes of unknown members of a change, by their names and texts.
    public static let extraBytes = 4 << 10
    /// Largest sequence, index, count or number of a change: what every JSON implementation reads exactly
    /// (RFC 8259 §6).
    public static let maximumCount: UInt64 = (1 << 53) - 1
}

/// The paths of protocol version 1.
public enum Route {
    /// Push and pull.
    public static let sync = "/v1/sync"
    /// Waiting for news.
    public static let watch = "/v1/watch"
    /// All registers.
    public static let snapshot = "/v1/state/snapshot"
    /// The search for a common cursor.
    public static let common = "/v1/state/common"
    /// Entries offered again.
    public static let restore = "/v1/state/restore"
    /// Whether a server is there, and which protocol it speaks. Needs no token.
    public static let hello = "/v1/hello"

    /// A closed tile of a publication's history.
    public static func tile(publication: String, generation: String, index: UInt64) -> String {
        "/v1/publications/\(publication)/\(generation)/tiles/\(index)"
    }

    /// The open end of a publication's history.
    public static func tail(publication: String, generation: String, from: UInt64) -> String {
        "/v1/publications/\(publication)/\(generation)/tail?from=\(from)"
    }

    /// The media type of messages.
    public static let json = "application/json"
    /// The media type of tiles and tails.
    public static let lines = "application/x-ndjson"
    /// The media type of errors (RFC 9457).
    public static let problem = "application/problem+json"
}
