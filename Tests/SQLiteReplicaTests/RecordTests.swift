import FoundationEssentials
import GRDB
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct RecordTests: OnOneDevice {
    let device: OneDevice
    let all = Set(RemoteCapabilities.FieldKind.allCases)

    init() throws { device = try OneDevice(articles: 1...10) }

    @Test("a mark is shown at once, and stands in the log when the file is opened anew")
    func markIsDurable() throws {
        _ = try replica.set(.read(storyID(3), true, by: .explicit), at: at(0))
        try replica.close()
        let again = try Replica(opening: folder.file(), for: .reading)
        let detail = try again.article(storyID(3).description)
        #expect(detail.summary.isRead)
        #expect(detail.readAt == at(0))
        #expect(detail.readBy == .explicit)
        #expect(try again.log(limit: 9).map(\.state) == [.pending])
        #expect(try again.articles(ArticleFilter(unread: true), limit: 50).articles.count == 9)
    }

    @Test("if one edit of many cannot be recorded, none is")
    func allOrNothing() throws {
        #expect {
            _ = try replica.set(.read(storyID(1), true, by: .bulk), .progress(storyID(1), 20_000), at: at(0))
        } throws: { ($0 as? ReplicaError)?.code == .invalidValue }
        #expect(try replica.log(limit: 9).isEmpty)
        #expect(try replica.article(storyID(1).description).summary.isRead == false)
    }

    @Test("a transaction that SQLite stops in the middle leaves neither a mark nor a log row")
    func stoppedInTheMiddle() throws {
        try DatabaseQueue(path: folder.file()).write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER stop BEFORE UPDATE OF is_read ON article WHEN NEW.number = 2
                    BEGIN SELECT RAISE(ABORT, 'stop'); END
                    """)
        }
        let edits = try (1...3).map { try #require(Edit.read(storyID($0), true, by: .bulk)) }
        #expect(throws: ReplicaError.self) { try replica.record(edits, at: at(0)) }
        #expect(try replica.log(limit: 9).isEmpty)
        #expect(try replica.articleIDs(ArticleFilter(unread: false)).isEmpty)
    }

    @Test("an edit that says what is shown already is not recorded")
    func unchanged() throws {
        _ = try replica.set(.saved(storyID(1), true), at: at(0))
        let summary = try replica.set(
            .saved(storyID(1), true), .saved(storyID(2), false), .read(storyID(1), false, by: .explicit),
            at: at(1))
        #expect(summary == RecordSummary(recorded: 0, unchanged: 3, coalesced: 0))
    }

    @Test("a change that has not left is replaced by a newer one of its field, and stays in the history")
    func coalesces() throws {
        _ = try replica.set(.note(storyID(1), "first"), at: at(0))
        let summary = try replica.set(.note(storyID(1), "second"), at: at(1))
        #expect(summary == RecordSummary(recorded: 1, unchanged: 0, coalesced: 1, batch: 2))
        let push = try replica.changesToPush(limit: 9, fields: all)
        #expect(push.map(\.value) == [.note("second", base: "")])
        #expect(try replica.log(limit: 9).map(\.state) == [.pending, .superseded])
    }

    @Test("a note that was sent is the base of the next one")
    func noteBase() throws {
        _ = try replica.set(.note(storyID(1), "first"), at: at(0))
        _ = try replica.changesToPush(limit: 9, fields: all)
        _ = try replica.set(.note(storyID(1), "second"), at: at(1))
        #expect(
            try replica.changesToPush(limit: 9, fields: all).map(\.value) == [
                .note("first", base: ""), .note("second", base: "first"),
            ])
    }

    @Test("what takes a subscription back leaves first, though it was made last")
    func optOutsFirst() throws {
        _ = try replica.set(.read(storyID(1), true, by: .bulk), .saved(storyID(2), true), at: at(0))
        let key = try #require(RegisterKey(.newsletter(try name("daily")), .subscribed))
        _ = try replica.record([Edit(key, .flag(false))], at: at(1))
        let push = try replica.changesToPush(limit: 9, fields: all)
        #expect(push.map(\.key.field) == [.subscribed, .read, .saved])
        #expect(push.map(\.id.number) == [1, 2, 3])
        #expect(push.map(\.id.number) == PendingChanges.departureOrder(push).map(\.id.number))
    }

    @Test("a number that was sent belongs to its change for ever, even if a newer mark comes in flight")
    func numbersAreNotReused() throws {
        _ = try replica.set(.read(storyID(1), true, by: .explicit), at: at(0))
        let first = try replica.changesToPush(limit: 9, fields: all)
        _ = try replica.set(.read(storyID(1), false, by: .explicit), at: at(1))
        let second = try replica.changesToPush(limit: 9, fields: all)
        #expect(second.first == first.first)
        #expect(second.map(\.id.number) == [1, 2])
        #expect(second.map(\.value) == [.read(true, by: .explicit), .read(false, by: .explicit)])
        try replica.close()
        #expect(try Replica(opening: folder.file()).changesToPush(limit: 9, fields: all) == second)
    }

    @Test("changes of fields that the remote cannot hold stay pending and get no number")
    func limitedRemote() throws {
        _ = try replica.set(.note(storyID(1), "mine"), .saved(storyID(2), true), at: at(0))
        #expect(try replica.changesToPush(limit: 9, fields: [.saved]).map(\.id.number) == [1])
        #expect(try replica.pendingCount() == 2)
        #expect(try replica.changesToPush(limit: 9, fields: all).map(\.id.number) == [1, 2])
    }

    @Test("state is materialised for tags, notes and progress")
    func materialised() throws {
        let id = storyID(4)
        _ = try replica.set(
            .tag(id, try tag("blue"), true), .tag(id, try tag("azure"), true), .note(id, "n"),
            .progress(id, 1_234),
            at: at(0))
        var summary = try replica.article(id.description).summary
        #expect(summary.tags.map(\.text) == ["azure", "blue"])
        #expect(summary.hasNote)
        #expect(summary.progress == 1_234)
        #expect(try replica.articleIDs(ArticleFilter(tag: try tag("blue"))) == [id])
        _ = try replica.set(.tag(id, try tag("blue"), false), .note(id, ""), at: at(1))
        summary = try replica.article(id.description).summary
        #expect(summary.tags.map(\.text) == ["azure"])
        #expect(!summary.hasNote)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("two replica objects on one file, each in its thread, lose no change of the other")
    func twoWriters() async throws {
        let path = folder.file()
        // The folder goes with its last reference, and the path alone is none.
        defer { withExtendedLifetime(folder) {} }
        try await withThrowingTaskGroup { group in
            for writer in 0..<2 {
                group.addTask {
                    let own = try Replica(opening: path)
                    for number in 0..<40 {
                        let id = storyID(UInt64(number % 10) + 1)
                        let tag = try #require(TagName("w\(writer)n\(number)"))
                        _ = try own.set(.tag(id, tag, true), at: at(Int64(number)))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try replica.pendingCount() == 80)
        #expect(try replica.changesToPush(limit: 100, fields: all).map(\.id.number) == Array(1...80))
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a consent given again under other words is recorded anew; given again under the same words it is not")
    func consentUnderNewWording() throws {
        let folder = try Folder()
        let replica = try folder.replica()
        let purpose = try name("brandOffers")
        let key = try #require(RegisterKey(.consent(purpose), .consent))
        func given(_ version: String, _ surface: String) -> Edit {
            let wording = ConsentWording(
                purpose: purpose, version: version, text: "May we? \(version)",
                policyVersion: "p", termsVersion: "t")
            return Edit(key, .consent(true, wording.terms(surface: surface)))
        }
        #expect(try replica.record([given("1", "cli")], at: at(0)).recorded == 1)
        #expect(try replica.record([given("1", "app")], at: at(1)).unchanged == 1)
        #expect(try replica.record([given("2", "cli")], at: at(2)).recorded == 1)
        #expect(try replica.shown(key) == given("2", "cli").value)
    }
}
