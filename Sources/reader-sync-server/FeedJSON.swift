import ReferenceServer

/// A source as scripts read it; instants are RFC 3339. What is not known is left out.
struct FeedSourceJSON: Encodable {
    var url: String
    var publication: String?
    var feed: String?
    var title: String?
    var checked: String?
    var changed: String?
    /// Not before it was asked once: then it is due.
    var due: String?
    var pausedUntil: String?
    var failures: Int
    var problem: String?
    var movingTo: String?
    var isGone: Bool

    init(_ source: FeedSourceStatus) {
        (url, publication, feed, title) = (source.url, source.publication, source.feed, source.title)
        (checked, changed) = (Timestamp.text(source.checked), Timestamp.text(source.changed))
        due = source.checked == nil || source.isGone ? nil : Timestamp.text(source.due)
        pausedUntil = Timestamp.text(source.pausedUntil)
        (failures, problem, movingTo, isGone) = (source.failures, source.problem, source.movingTo, source.isGone)
    }
}

/// What came of a source, as scripts read it.
struct IngestReportJSON: Encodable {
    var source: String
    var status: IngestReport.Status
    var publication: String?
    var feed: String?
    var entries: Int
    var added: Int
    var corrected: Int
    var joined: Int
    var skipped: Int
    var warnings: [String]
    var remark: String?
    var error: String?
    var remedy: String?
    var code: String?
    var candidates: [String]?
    var due: String?

    init(_ report: IngestReport) {
        (source, status, publication, feed) = (report.source, report.status, report.publication, report.feed)
        (entries, added, corrected, joined) = (report.entries, report.added, report.corrected, report.joined)
        (skipped, warnings, remark) = (report.skipped, report.warnings, report.remark)
        (error, remedy, code) = (report.error, IngestOutput.remedy(report.error, report.remedy), report.code)
        candidates = report.candidates.isEmpty ? nil : report.candidates
        due = Timestamp.text(report.due)
    }
}
