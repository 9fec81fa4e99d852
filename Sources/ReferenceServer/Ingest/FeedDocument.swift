import SyncCore

/// A source that was read: what its document says, and what is to be remembered of fetching it.
struct FeedDocument: Sendable {
    /// What was asked for.
    var request: IngestRequest
    /// What the document says.
    var reading: FeedReading
    /// The source with the record of this fetch; `nil` for a file.
    var source: FeedSource?
    /// The address under which the source stands in the store; `nil` if it does not yet.
    var knownURL: String?
    /// What is to be reported of it.
    var report: IngestReport

    /// Bytes of the texts, about: what it costs to hold.
    var size: Int {
        reading.articles.reduce(into: 0) { size, draft in
            size += 1_024 + draft.article.bodyHTML.utf8.count + draft.article.bodyText.utf8.count
        }
    }
}
