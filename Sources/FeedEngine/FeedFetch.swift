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

    /// What is to be kept of a feed that was postponed because its host, asked for another feed, said that it wants to be
    /// left alone: the same pause. `nil` for what was fetched, and where the record says already when to ask.
    public func pausing(_ record: FetchRecord) -> FetchRecord? {
        guard case .postponed(let until) = self, until != record.due, until != record.pausedUntil,
            until < WallTime(milliseconds: .max)
        else { return nil }
        var record = record
        record.pausedUntil = until
        record.due = max(record.due, until)
        return record
    }

    /// The same, not before the host's pause is over.
    func postponed(by pause: WallTime?) -> FeedFetch {
        guard case .postponed(let until) = self, let pause, pause > until else { return self }
        return .postponed(until: pause)
    }
}
