import GRDB
import SyncCore
import SyncPorts
import Testing

@testable import SQLiteReplica

@Suite("Commands that take several transactions")
struct LargeUndoTests {
    let folder: Folder
    let replica: Replica
    let server = TinyServer()

    init() throws {
        folder = try Folder()
        replica = try folder.replica("a", id: 1)
        _ = try replica.apply(try articles(1...9), resets: false)
    }

    /// Saves articles, two in a transaction; ends after so many transactions.
    @discardableResult
    private func save(_ numbers: ClosedRange<UInt64>, parts: Int = .max, at now: WallTime) throws -> RecordSummary {
        var count = 0
        return try replica.record(
            many: numbers.compactMap { .saved(storyID($0), true) }, as: "save", at: now, by: 2
        ) { _ in
            count += 1
            return count < parts
        }
    }

    private func saved() throws -> Int { try replica.articleIDs(ArticleFilter(saved: true)).count }

    @Test("one is one command: it is listed, taken back and done again as one, and the log calls all of it so")
    func whole() throws {
        _ = try replica.set(.saved(storyID(9), true), at: at(0))
        let summary = try save(1...7, at: at(1))
        #expect(summary.recorded == 7 && summary.batch == 2)
        _ = try replica.set(.note(storyID(8), "n"), at: at(2))
        #expect(try replica.batches(limit: 9).map(\.changes) == [1, 7, 1])
        #expect(try replica.log(limit: 9).map(\.batch) == [6, 2, 2, 2, 2, 2, 2, 2, 1])
        let undone = try replica.undo(.last(2), at: at(3))
        #expect(undone.undone.map(\.command) == ["edit", "save"] && undone.recorded == 8)
        #expect(try saved() == 1 && replica.detail(8).note?.isEmpty ?? true)
        let list = try replica.batches(limit: 9)
        #expect(list.map(\.undoes) == [2, 6, nil, nil, nil] && list.map(\.changes) == [7, 1, 1, 7, 1])
        #expect(list[3].undoneBy == list[0].id && undone.undone[1].undoneBy == list[0].id)
        _ = try replica.undo(.batch(list[0].id), at: at(4))
        #expect(try saved() == 8)
        #expect(try replica.undo(.last(1), at: at(5)).undone.map(\.id) == [2])
        #expect(try saved() == 1)
        #expect(try replica.undo(.last(1), at: at(6)).undone.map(\.id) == [1])
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("one that ended in the middle is what was done until then, and is taken back")
    func cutOff() throws {
        #expect(try save(1...7, parts: 2, at: at(0)).recorded == 4)
        #expect(try saved() == 4)
        #expect(try replica.batches(limit: 9).map(\.changes) == [4])
        #expect(try replica.undo(.last(1), at: at(1)).recorded == 4)
        #expect(try saved() == 0)
    }

    @Test("an undo that ended in the middle is gone on with, and is then one command itself")
    func cutOffUndo() throws {
        try save(1...7, at: at(0))
        // The last two parts are taken back, and then it ends.
        try replica.queue.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER stop BEFORE INSERT ON batch WHEN new.undoes = 2
                    BEGIN SELECT RAISE(ABORT, 'stop'); END
                    """)
        }
        #expect(throws: ReplicaError.self) { try replica.undo(.last(1), at: at(1)) }
        try replica.queue.write { try $0.execute(sql: "DROP TRIGGER stop") }
        #expect(try saved() == 4)
        #expect(try replica.batches(limit: 9).map(\.undoneBy) == [nil, nil], "not all of it is taken back")
        #expect(try replica.undo(.last(1), at: at(2)).undone.map(\.id) == [1])
        #expect(try saved() == 0)
        let list = try replica.batches(limit: 9)
        #expect(list.map(\.changes) == [7, 7] && list[1].undoneBy == list[0].id)
        _ = try replica.undo(.batch(list[0].id), at: at(3))
        #expect(try saved() == 7)
    }

    @Test("a field that was set since is left alone in whichever part it is")
    func setSince() throws {
        try save(1...7, at: at(0))
        _ = try replica.set(.saved(storyID(1), false), at: at(1))
        let summary = try replica.undo(.batch(1), at: at(2))
        #expect(summary.recorded == 6 && summary.left.map(\.key.entity) == [.article(storyID(1))])
        #expect(try saved() == 0)
    }

    @Test("a command of several transactions whose fields were all set since is refused whole")
    func allSetSince() throws {
        try save(1...7, at: at(0))
        _ = try replica.record((1...7).compactMap { .saved(storyID($0), false) }, at: at(1))
        #expect(throws: ReplicaError.self) { try replica.undo(.batch(1), at: at(2)) }
        #expect(try replica.batches(limit: 9).map(\.undoneBy) == [nil, nil])
    }

    @Test("the same field in two parts goes back to what was shown before the first")
    func twice() throws {
        let edits = (1...3).flatMap { round in [Edit.progress(storyID(1), round * 1_000), .progress(storyID(2), round)]
        }
        _ = try replica.set(.progress(storyID(1), 7), at: at(0))
        _ = try replica.record(many: edits.compactMap { $0 }, as: "progress", at: at(1), by: 2) { _ in true }
        #expect(try replica.detail(1).summary.progress == 3_000)
        _ = try replica.undo(.last(1), at: at(2))
        #expect(try replica.detail(1).summary.progress == 7 && replica.detail(2).summary.progress == 0)
    }

    @Test("what was synced meanwhile is taken back too, and what other commands did between its parts is left alone")
    func between() throws {
        var part = 0
        _ = try replica.record(
            many: (1...6).compactMap { .saved(storyID($0), true) }, as: "save", at: at(0), by: 2
        ) { _ in
            part += 1
            if part == 1 { _ = try? replica.set(.saved(storyID(9), true), at: at(1)) }
            if part == 2 { _ = try? replica.sync(with: server, at: at(2)) }
            return true
        }
        #expect(server.entries.count == 5)
        #expect(try replica.undo(.batch(1), at: at(3)).recorded == 6)
        #expect(try replica.articleIDs(ArticleFilter(saved: true)) == [storyID(9)])
    }
}
