import SyncCore
import SyncSession
import Testing

@testable import ReaderSyncCLI
@testable import SQLiteReplica
import TerminalText

@Suite("What is said of values and reports")
struct RenderingTests {
    @Test("a report in sentences leaves out what did not happen")
    func report() {
        var report = SyncReport()
        #expect(SyncRendering.lines(report).map(\.plain) == ["nothing new"])
        report.state = StateSummary(acknowledged: 1, received: 2, setAside: 1, opened: 1)
        report.catalog = CatalogSummary(added: 3)
        #expect(
            SyncRendering.lines(report).map(\.plain) == [
                "sent 1 change, received 2 changes from other devices, 3 new articles, 1 new conflict, "
                    + "1 change set aside by the server"
            ])
    }

    @Test("every repair has a sentence of its own")
    func repairs() {
        var report = SyncReport()
        report.repairs = SyncReport.Repair.allCases
        let lines = SyncRendering.lines(report).dropFirst().map(\.plain)
        #expect(Set(lines).count == SyncReport.Repair.allCases.count)
    }

    @Test("a status says what to do next, and only where there is something to do")
    func status() {
        var status = ReplicaStatus(
            replica: ReplicaID(rawValue: 1), remote: "https://sync.example", account: "ada", cursor: .origin,
            articles: 2, unread: 1, saved: 0, pending: 0, setAside: 0, conflicts: 0, unindexed: 0, bytes: 1_500_000,
            lastSync: nil, clockOffset: 0)
        let text = { (status: ReplicaStatus, isLoggedIn: Bool) in
            StatusRendering.lines(
                status, feeds: [], path: "/r", isLoggedIn: isLoggedIn, now: WallTime(milliseconds: 0)
            ) { "reader-sync " + $0 }.map(\.plain)
        }
        #expect(!text(status, true).contains { $0.contains("→") })
        #expect(text(status, false).contains("  → reader-sync login https://sync.example"))
        (status.conflicts, status.setAside, status.clockOffset) = (1, 1, -90_000)
        let lines = text(status, true)
        #expect(lines.contains("  → reader-sync conflicts") && lines.contains("  → reader-sync set-aside"))
        #expect(lines.contains { $0.contains("90 s ahead") })
        #expect(lines.contains { $0.hasSuffix("1.5 MB") })
    }

    @Test("without a server, when the feeds were read is the last sync, and nothing says never")
    func statusWithoutServer() throws {
        let status = ReplicaStatus(
            replica: ReplicaID(rawValue: 1), remote: nil, account: nil, cursor: .origin, articles: 2, unread: 1,
            saved: 0,
            pending: 0, setAside: 0, conflicts: 0, unindexed: 0, bytes: 1, lastSync: nil, clockOffset: 0)
        var fetch = FetchRecord(url: "https://a.example/feed")
        fetch.checked = WallTime(milliseconds: 0)
        let name = try #require(EntityName("a.example"))
        let feed = FeedSubscription(feed: name, publication: name, title: "A", fetch: fetch)
        let text = { (feeds: [FeedSubscription]) in
            StatusRendering.lines(
                status, feeds: feeds, path: "/r", isLoggedIn: false, now: WallTime(milliseconds: 0)
            ) { $0 }.map(\.plain)
        }
        #expect(
            text([feed]).contains { $0.contains("read 1970-01-01") } && !text([feed]).contains { $0.contains("never") })
        #expect(text([]).contains("last sync     never"))
    }

    @Test("a consent is named once, other fields with what they are of")
    func subjects() throws {
        let folder = try TemporaryFolder()
        let replica = try Replica.create(at: folder.path + "/r.sqlite", as: ReplicaID(rawValue: 1), remote: nil)
        let naming = EntityNaming(replica)
        let name = try #require(EntityName("weekly"))
        #expect(naming.text(try #require(RegisterKey(.consent(name), .consent))) == "consent weekly")
        #expect(
            naming.text(try #require(RegisterKey(.newsletter(name), .subscribed)))
                == "subscription to newsletter weekly")
        #expect(
            naming.text(try #require(RegisterKey(.newsletter(name), .frequency))) == "frequency of newsletter weekly")
    }

    @Test("values are said in words")
    func values() throws {
        let tag = try #require(TagName("asia"))
        #expect(ValueRendering.text(.read(true, by: .bulk), of: .read) == "read (bulk)")
        #expect(ValueRendering.text(.read(false, by: .explicit), of: .read) == "unread")
        #expect(ValueRendering.text(.flag(true), of: .tag(tag)) == "tagged asia")
        #expect(ValueRendering.text(.flag(false), of: .subscribed) == "unsubscribed")
        #expect(ValueRendering.text(.progress(4_205), of: .progress) == "42.05%")
        #expect(ValueRendering.text(.note("", base: ""), of: .note) == "no note")
    }

    @Test("what was corrected is shown by paragraphs, newest revision first")
    func revisions() {
        let old = ArticleRevision(
            revision: 1, updated: nil, headline: "Old", standfirst: nil, bodyText: "same\nwrong", bodyHTML: "")
        let new = ArticleRevision(
            revision: 2, updated: nil, headline: "Old", standfirst: nil, bodyText: "same\nright", bodyHTML: "")
        let lines = RevisionRendering.lines([old, new], width: 60).map(\.plain)
        #expect(lines.first == "revision 2")
        #expect(lines.contains("  - wrong") && lines.contains("  + right"))
        #expect(!lines.contains { $0.contains("same") })
    }

    @Test("each way to fail has its own status, and remedies are kept")
    func failures() {
        #expect(CommandFailure(RemoteError(.offline, "x")).status == .offline)
        #expect(CommandFailure(RemoteError(.busy, "x")).status == .offline)
        #expect(CommandFailure(RemoteError(.unauthorized, "x", remedy: "y")).remedy == "y")
        #expect(CommandFailure(RemoteError(.versionMismatch, "x")).status == .refused)
        #expect(CommandFailure(RemoteError(.cancelled, "x")).status == .interrupted)
        #expect(CommandFailure(ReplicaError(.damaged, "x")).status == .damaged)
        #expect(CommandFailure(ReplicaError(.ambiguous, "x", candidates: ["a", "b"])).candidates == ["a", "b"])
        #expect(CommandFailure(ReplicaError(.diskFull, "x")).status == .failure)
        #expect(CommandFailure(CancellationError()).status == .interrupted)
    }
}
