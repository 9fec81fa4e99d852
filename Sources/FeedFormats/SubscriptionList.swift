/// The feeds somebody reads, as readers exchange them.
///
/// No string in it holds a control character or a bidirectional override.
public struct SubscriptionList: Sendable, Equatable {
    /// What the list is called, on one line; empty when it has no name.
    public var title: String
    /// The subscriptions in the order of the document, each feed once.
    public var subscriptions: [Subscription]
    /// What was odd or damaged, in the order of discovery; at most ``FeedLimits/warnings``.
    public var warnings: [FeedWarning]

    /// Makes a list.
    public init(title: String = "", subscriptions: [Subscription] = []) {
        self.title = title
        self.subscriptions = subscriptions
        self.warnings = []
    }

    /// Whether part of the document was lost or had to be repaired.
    public var isDamaged: Bool { warnings.contains { $0.code == .damaged || $0.code == .limitReached } }
}

/// One feed of a list.
public struct Subscription: Sendable, Equatable {
    /// The name on one line, at most 4,096 bytes; empty when it has none.
    public var title: String
    /// The feed's absolute `http` or `https` address.
    public var feedURL: String
    /// The page the feed belongs to.
    public var siteURL: String?
    /// What the feed is about, on one line, at most 8,192 bytes.
    public var description: String?
    /// The language tag as written.
    public var language: String?
    /// The folders it lies in, the outer ones first, then its categories; each once, on one line.
    public var tags: [String]

    /// Makes a subscription.
    public init(
        title: String = "", feedURL: String, siteURL: String? = nil, description: String? = nil,
        language: String? = nil, tags: [String] = []
    ) {
        self.title = title
        self.feedURL = feedURL
        self.siteURL = siteURL
        self.description = description
        self.language = language
        self.tags = tags
    }
}
