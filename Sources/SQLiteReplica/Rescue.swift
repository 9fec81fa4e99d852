public import SyncCore

/// What could be read of a damaged replica, of the things that nobody else has: changes that were not sent, and the
/// replica's own feeds. The rest comes back from the server and the feeds.
public struct Rescue: Sendable {
    /// Changes that no remote had acknowledged, in the order in which they were made; of each field the last one.
    public var changes: [Change] = []
    /// Changes that the server did not take and the reader has not dropped, with the reasons.
    public var setAside: [SetAside] = []
    /// The feeds that the replica read itself.
    public var subscriptions: [FeedSubscription] = []
    /// What the reader chose for differences.
    public var policies: [(kind: String, policy: String)] = []
    /// Names and values that the client kept for itself.
    public var settings: [(name: String, value: String)] = []
    /// The server.
    public var remote: String?
    /// Rows of the change log that were there and could not be read.
    public var unreadable = 0
    /// What could not be read at all, a sentence each.
    public var losses: [String] = []

    /// Whether something was there that could not be read, and nothing but the server's address and settings could.
    public var isInVain: Bool {
        changes.isEmpty && setAside.isEmpty && subscriptions.isEmpty && (unreadable > 0 || !losses.isEmpty)
    }

    /// Nothing.
    public init() {}
}

extension Rescue {
    /// A change that the server did not take.
    public struct SetAside: Sendable, Hashable {
        /// The change.
        public var change: Change
        /// Why, as a word.
        public var code: String
        /// Why, in a sentence.
        public var detail: String
        /// When, local clock.
        public var at: WallTime
    }

    /// Both, where `newer` was made later: of a field the later change, of a feed and a setting what it says.
    public func followed(by newer: Rescue) -> Rescue {
        var both = newer
        both.changes = Self.lastOfEach(changes + newer.changes)
        both.setAside = setAside.filter { !newer.setAside.contains($0) } + newer.setAside
        let urls = Set(newer.subscriptions.map(\.fetch.url))
        both.subscriptions = subscriptions.filter { !urls.contains($0.fetch.url) } + newer.subscriptions
        both.policies = policies + newer.policies
        both.settings = settings + newer.settings
        both.remote = newer.remote ?? remote
        return both
    }

    /// Of each field the last change, in the order in which the fields were first set.
    static func lastOfEach(_ changes: [Change]) -> [Change] {
        var (order, last) = ([RegisterKey](), [RegisterKey: Change]())
        for change in changes {
            guard let older = last[change.key] else {
                order.append(change.key)
                last[change.key] = change
                continue
            }
            last[change.key] = PendingChanges.coalesce(change, over: older)
        }
        return order.compactMap { last[$0] }
    }
}
