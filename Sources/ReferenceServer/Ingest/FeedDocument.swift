import FeedFormats
import SyncCore
import SyncProtocol

import struct FoundationEssentials.Data

/// The bytes of a source, and what is needed to ask for them more cheaply the next time.
struct FetchedFeed {
    var body: Data
    var contentType: String?
    var effectiveURL: String?
    var etag: String?
    var lastModified: String?
}

/// A source that was read: names, and drafts of its articles.
struct FeedDocument {
    var names: FeedNames
    var parsed: ParsedFeed
    var drafts: [EntryDraft]
    var fetched: FetchedFeed
    var report: IngestReport

    init(_ request: IngestRequest, _ parsed: ParsedFeed, _ fetched: FetchedFeed) throws {
        let names = try FeedNames(request, parsed, effectiveURL: fetched.effectiveURL)
        var report = IngestReport(request.source, .read)
        report.publication = names.publication.text
        report.feed = names.feed.text
        report.entries = parsed.entries.count
        report.warnings = parsed.warnings.map { warning in
            warning.entry.map { "entry \($0 + 1): \(warning.message)" } ?? warning.message
        }
        var drafts: [EntryDraft] = []
        var known: Set<ArticleID> = []
        for (index, entry) in parsed.entries.enumerated() {
            do {
                let draft = try EntryDraft(entry, publication: names.publication)
                guard known.insert(draft.article.id).inserted else {
                    throw WireError("it names itself like an entry before it")
                }
                drafts.append(draft)
            } catch {
                report.skipped += 1
                report.warnings.append("entry \(index + 1) left out: \(error)")
            }
        }
        // Feeds have the newest first; a history grows at its end.
        self.drafts = drafts.reversed()
        self.names = names
        self.parsed = parsed
        self.fetched = fetched
        self.report = report
    }
}
