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
    /// What was remembered before this fetch.
    var before: FetchRecord?
    /// What is to be reported of it.
    var report: IngestReport

    init(
        request: IngestRequest, reading: FeedReading, source: FeedSource?, knownURL: String?, before: FetchRecord?,
        report: IngestReport
    ) {
        self.request = request
        self.reading = reading
        self.source = source
        self.knownURL = knownURL
        self.before = before
        self.report = report
    }

    /// What a publisher says without anybody having fetched it.
    init(reading: FeedReading) {
        self.reading = reading
        request = IngestRequest(source: reading.feed.url ?? reading.feed.id.text)
        report = IngestReport(request.source, .read)
        report.publication = reading.publication.id.text
        report.entries = reading.articles.count
    }

    /// Bytes of the texts, about: what it costs to hold.
    var size: Int {
        reading.articles.reduce(into: 0) { size, draft in
            size += 1_024 + draft.article.bodyHTML.utf8.count + draft.article.bodyText.utf8.count
        }
    }

    /// What is remembered if the catalog does not take the document: when to ask again, but not that it was read.
    func unwritten(_ report: IngestReport, at now: WallTime) -> IngestBatch.Outcome? {
        guard var source, let knownURL, let before else { return nil }
        var fetch = before
        fetch.checked = now
        fetch.due = source.fetch.due
        fetch.failures += 1
        fetch.problem = report.error
        source.fetch = fetch
        return .record(source, knownURL: knownURL, report)
    }
}
