public import FeedFormats
public import FeedSession
public import SyncCore

/// What came of fetching one feed.
public enum FeedFetch: Sendable {
    /// It has something new; the record is to be kept together with it.
    case read(ParsedFeed, FetchRecord)
    /// Nothing changed since the last time.
    case unchanged(FetchRecord)
    /// It was too early to ask.
    case postponed(until: WallTime)
    /// It brought nothing.
    case failed(FetchFailure, FetchRecord)
    /// The address leads to a page that names feeds; only when pages are asked for.
    case page([DiscoveredFeed], url: String)
}
