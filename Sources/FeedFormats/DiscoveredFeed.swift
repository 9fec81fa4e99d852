/// A feed that a web page names.
public struct DiscoveredFeed: Sendable, Hashable {
    /// Its absolute address.
    public var url: String
    /// What the page calls it.
    public var title: String?
    /// The media type that the page gives.
    public var type: String?

    /// Makes a discovered feed.
    public init(url: String, title: String? = nil, type: String? = nil) {
        self.url = url
        self.title = title
        self.type = type
    }
}
