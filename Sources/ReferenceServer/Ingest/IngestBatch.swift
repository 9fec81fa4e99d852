import FeedEngine
import FeedFormats
import FeedSession
import SyncCore

/// One source of a run.
struct IngestJob: Sendable {
    /// Its place in the run.
    var index: Int
    var request: IngestRequest
    /// What is to be fetched, and under which names it goes into the catalog; `nil` for a file.
    var source: FeedSource?
    /// The address under which the source stands in the store; `nil` if it does not yet.
    var knownURL: String?

    /// Whether it is an address that nothing was read from so far.
    var isUnread: Bool { source.map { $0.fetch.changed == nil } ?? false }
}

/// Sources of a run that are read and not written yet. Written together, their articles find each other; bounded, a run
/// of a thousand feeds needs no more memory than one of some dozens.
struct IngestBatch: Sendable {
    /// A source with what is to be written.
    enum Outcome: Sendable {
        /// A document for the catalog.
        case document(FeedDocument)
        /// A fetch that brought nothing new, to be remembered.
        case record(FeedSource, knownURL: String?, IngestReport)
        /// Nothing to write.
        case report(IngestReport)
    }

    /// Most sources held.
    static let sources = 64
    /// Most bytes of text held, about.
    static let bytes = 32 << 20

    private(set) var outcomes: [(index: Int, outcome: Outcome)] = []
    private var size = 0

    /// Whether it is time to write.
    var isFull: Bool { outcomes.count >= Self.sources || size >= Self.bytes }

    /// The documents.
    var documents: [FeedDocument] {
        outcomes.compactMap { if case .document(let document) = $0.outcome { document } else { nil } }
    }

    /// Takes what a source gave.
    mutating func add(_ outcome: Outcome, at index: Int) {
        if case .document(let document) = outcome { size += document.size }
        outcomes.append((index, outcome))
    }
}

extension IngestJob {
    /// What a fetch means for the catalog.
    func outcome(of fetch: FeedFetch) -> IngestBatch.Outcome {
        guard var source else { return .report(.failed(request.source, "it is no address")) }
        switch fetch {
        case .read(let parsed, let record):
            source.fetch = record
            return document(parsed, source)
        case .unchanged(let record):
            source.fetch = record
            var report = named(.notModified)
            report.due = record.due.milliseconds
            return .record(source, knownURL: knownURL, report)
        case .postponed(let until):
            var report = named(.postponed)
            report.due = until.milliseconds
            // Its host wants to be left alone, as another feed of it was told: the next run must know.
            guard knownURL != nil, let record = fetch.pausing(source.fetch) else { return .report(report) }
            source.fetch = record
            return .record(source, knownURL: knownURL, report)
        case .failed(let failure, let record):
            source.fetch = record
            var report = named(.failed)
            report.error = failure.detail
            report.remedy = failure.remedy.isEmpty ? nil : failure.remedy
            report.code = failure.code.rawValue
            report.due = record.due.milliseconds
            // What was interrupted was not tried. What never was a feed is not kept either.
            let isKept = failure.code != .cancelled && knownURL != nil
            return isKept ? .record(source, knownURL: knownURL, report) : .report(report)
        case .page(let feeds, _):
            var report = named(.failed)
            report.error = "it is a page that names \(feeds.count) feeds"
            report.remedy = "choose one: `reader-sync-server ingest CANDIDATE`"
            report.candidates = feeds.map(\.url)
            return .report(report)
        }
    }

    /// What a document says, under the names it goes by.
    func document(_ parsed: ParsedFeed, _ source: FeedSource?) -> IngestBatch.Outcome {
        for (id, option) in [(request.publication, "--publication"), (request.feed, "--feed")] {
            guard let id, EntityName(id) == nil else { continue }
            let rule = "give \(option) ID, 1 to 64 characters of A-Z a-z 0-9 . _ -"
            return .report(.failed(request.source, "no id can be made of '\(id)'; \(rule)"))
        }
        let url = source?.fetch.url
        // A page stands for its feed, whose address says what the feed is called.
        let isNew = self.source?.fetch.changed == nil
        let naming = FeedNaming(
            publication: request.publication.flatMap { EntityName($0) } ?? source?.publication,
            feed: request.feed.flatMap { EntityName($0) } ?? source?.feed, siteURL: parsed.siteURL, effectiveURL: url,
            source: isNew ? url ?? request.source : request.source)
        let reading = FeedReading(parsed, naming: naming, url: url)
        var report = IngestReport(request.source, .read)
        report.publication = naming.publication.text
        report.feed = naming.feed.text
        report.entries = parsed.entries.count
        report.warnings = reading.warnings
        report.skipped = reading.skipped
        report.due = source?.fetch.due.milliseconds
        report.remark = PublicationRemark.text(request, parsed, url: url)
        return .document(
            FeedDocument(
                request: request, reading: reading, source: source, knownURL: knownURL, before: self.source?.fetch,
                report: report))
    }

    private func named(_ status: IngestReport.Status) -> IngestReport {
        var report = IngestReport(request.source, status)
        report.publication = source?.publication?.text
        report.feed = source?.feed?.text
        return report
    }
}
