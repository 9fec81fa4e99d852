import FoundationEssentials
import GRDB
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct SyncTests: OnTwoDevices {
    let devices: TwoDevices

    init() throws { devices = try TwoDevices(articles: 1...5) }

    private func exchange(_ replica: Replica, at now: WallTime) throws -> StateSummary {
        let push = try replica.changesToPush(limit: 99, fields: all)
        return try replica.apply(try server.exchange(try replica.syncState(), push, at: now), at: now)
    }

    @Test("an acknowledgement removes exactly what was sent, and a newer mark stays pending")
    func acknowledges() throws {
        _ = try a.set(.read(storyID(1), true, by: .explicit), .saved(storyID(1), true), at: at(0))
        let push = try a.changesToPush(limit: 99, fields: all)
        _ = try a.set(.read(storyID(1), false, by: .explicit), at: at(1))
        let summary = try a.apply(try server.exchange(try a.syncState(), push, at: at(2)), at: at(2))
        #expect(summary.acknowledged == 2)
        #expect(try a.pendingCount() == 1)
        let shown = try a.article(storyID(1).description).summary
        #expect(!shown.isRead)
        #expect(shown.isSaved)
        #expect(try a.log(limit: 9).map(\.state) == [.pending, .current, .current])
    }

    @Test("what is pending beats what is pulled, field by field")
    func pendingBeatsPulled() throws {
        _ = try b.set(.note(storyID(1), "theirs"), .saved(storyID(1), true), at: at(0))
        try b.sync(with: server, at: at(1))
        _ = try a.set(.note(storyID(1), "mine"), at: at(2))
        let state = try a.syncState()
        _ = try a.apply(try server.exchange(state, [], at: at(3)), at: at(3))
        let detail = try a.article(storyID(1).description)
        #expect(detail.note == "mine")
        #expect(detail.summary.isSaved)
    }

    @Test("a page is applied with its cursor, or not at all")
    func pageIsAtomic() throws {
        _ = try b.set(
            .saved(storyID(1), true), .saved(storyID(2), true), .saved(storyID(3), true), at: at(0))
        try b.sync(with: server, at: at(1))
        try DatabaseQueue(path: folder.file("a")).write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER stop BEFORE INSERT ON change WHEN NEW.sequence = 3
                    BEGIN SELECT RAISE(ABORT, 'stop'); END
                    """)
        }
        #expect(throws: ReplicaError.self) { try exchange(a, at: at(2)) }
        #expect(try a.syncState().cursor == .origin)
        #expect(try a.articleIDs(ArticleFilter(saved: true)).isEmpty)
        #expect(try a.log(limit: 9).isEmpty)
    }

    @Test("a page that comes twice has no effect the second time")
    func redelivery() throws {
        _ = try b.set(.saved(storyID(1), true), .note(storyID(1), "n"), at: at(0))
        try b.sync(with: server, at: at(1))
        let reply = try server.exchange(try a.syncState(), [], at: at(2))
        #expect(try a.apply(reply, at: at(2)).received == 2)
        let once = try a.exportState()
        let log = try a.log(limit: 9)
        #expect(try a.apply(reply, at: at(3)) == StateSummary())
        #expect(try a.exportState() == once)
        #expect(try a.log(limit: 9) == log)
    }

    @Test("an answer that was lost is made up for by the next one, without a second change")
    func lostAnswer() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        try server.push(try a.changesToPush(limit: 9, fields: all), cursor: 0, at: at(1))
        #expect(try exchange(a, at: at(2)).acknowledged == 1)
        #expect(server.entries.count == 1)
        #expect(try a.pendingCount() == 0)
    }

    @Test("a refused change is set aside with the reason, its effect is undone, and the rest goes on")
    func setAside() throws {
        server.refusedFields = [.saved]
        _ = try a.set(.saved(storyID(1), true), .read(storyID(1), true, by: .explicit), at: at(0))
        let summary = try exchange(a, at: at(1))
        #expect(summary.setAside == 1)
        #expect(summary.acknowledged == 1)
        #expect(try a.article(storyID(1).description).summary.isSaved == false)
        let item = try #require(try a.setAsideList().first)
        #expect(item.code == .unknownEntity)
        server.refusedFields = []
        _ = try a.retry(setAside: item.place, at: at(2))
        try a.sync(with: server, at: at(3))
        #expect(try a.article(storyID(1).description).summary.isSaved)
        #expect(try a.setAsideList().isEmpty)
        #expect(try a.log(limit: 9).map(\.state) == [.current, .current, .dropped])
    }

    @Test("an opt-out that is refused leaves again under a new number")
    func optOutIsNeverSetAside() throws {
        _ = try b.set(.saved(storyID(1), true), at: at(0))
        try b.sync(with: server, at: at(0))
        _ = try exchange(a, at: at(0))
        let key = try #require(RegisterKey(.newsletter(try name("daily")), .subscribed))
        _ = try a.record([Edit(key, .flag(false))], at: at(0))
        server.refusedFields = [.subscribed]
        #expect(try exchange(a, at: at(1)).setAside == 0)
        server.refusedFields = []
        #expect(try a.changesToPush(limit: 9, fields: all).map(\.id.number) == [2])
        #expect(try exchange(a, at: at(2)).acknowledged == 1)
    }

    @Test("a refused opt-out does not leave again behind what the same reader said after it")
    func refusedOptOutWasOvertaken() throws {
        let (key, sent) = try optOutThenOptIn()
        let entry = LogEntry(sequence: 1, received: at(2), change: try #require(sent.last))
        var reply = try server.exchange(try a.syncState(), [], at: at(2))
        reply.entries = [entry]
        reply.cursor = StateCursor(epoch: reply.cursor.epoch, sequence: 1, prefix: entry.prefix(after: .zero))
        reply.refused = [Refusal(number: 1, code: .seenAhead, detail: "")]
        _ = try a.apply(reply, at: at(2))
        #expect(try a.shown(key) == .flag(true))
        #expect(try a.pendingCount() == 0)
        #expect(try a.setAsideList().isEmpty)
    }

    @Test("a refused opt-out leaves again where what was said after it was refused too")
    func refusedOptOutStands() throws {
        let (key, _) = try optOutThenOptIn()
        var reply = try server.exchange(try a.syncState(), [], at: at(2))
        reply.refused = [1, 2].map { Refusal(number: $0, code: .seenAhead, detail: "") }
        #expect(try a.apply(reply, at: at(2)).setAside == 1)
        #expect(try a.shown(key) == .flag(false))
        #expect(try a.changesToPush(limit: 9, fields: all).map(\.id.number) == [3])
    }

    @Test("a refused opt-out leaves again although a copy, under the identity it had, said otherwise")
    func refusedOptOutAndACopy() throws {
        let key = try #require(RegisterKey(.newsletter(try name("daily")), .subscribed))
        let old = try a.syncState().replica
        _ = try a.record([Edit(key, .flag(false))], at: at(0))
        try a.reidentify(as: ReplicaID(rawValue: 77))
        let sent = try #require(try a.changesToPush(limit: 9, fields: all).first)
        let optIn = try #require(
            Change(
                id: ChangeID(replica: old, number: 1), stamp: sent.stamp, seen: sent.seen, key: key,
                value: .flag(true)))
        let entry = LogEntry(sequence: 1, received: at(2), change: optIn)
        var reply = try server.exchange(try a.syncState(), [], at: at(2))
        reply.entries = [entry]
        reply.cursor = StateCursor(epoch: reply.cursor.epoch, sequence: 1, prefix: entry.prefix(after: .zero))
        reply.refused = [Refusal(number: 1, code: .seenAhead, detail: "")]
        _ = try a.apply(reply, at: at(2))
        #expect(try a.shown(key) == .flag(false))
        #expect(try a.changesToPush(limit: 9, fields: all).map(\.id.number) == [2])
    }

    /// An opt-out that was sent and not answered, and an opt-in after it.
    private func optOutThenOptIn() throws -> (RegisterKey, [Change]) {
        let key = try #require(RegisterKey(.newsletter(try name("daily")), .subscribed))
        _ = try a.record([Edit(key, .flag(false))], at: at(0))
        #expect(try a.changesToPush(limit: 9, fields: all).count == 1)
        _ = try a.record([Edit(key, .flag(true))], at: at(1))
        return (key, try a.changesToPush(limit: 9, fields: all))
    }

    @Test("a machine that was restored from an old image notices its own later changes in the log")
    func forkFromOldImage() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        try a.close()
        try FileManager.default.copyItem(atPath: folder.file("a"), toPath: folder.file("old"))
        let lively = try Replica(opening: folder.file("a"))
        try lively.sync(with: server, at: at(1))
        _ = try lively.set(.saved(storyID(2), true), at: at(2))
        try lively.sync(with: server, at: at(3))
        let old = try Replica(opening: folder.file("old"))
        let state = try old.syncState()
        let summary = try old.apply(try server.exchange(state, [], at: at(4)), at: at(4))
        #expect(summary.forked)
        #expect(try old.articleIDs(ArticleFilter(saved: true)).count == 2)
    }

    @Test("a clone that reused a number notices it, and its change goes on under a new identity")
    func forkWithPending() throws {
        try a.close()
        try FileManager.default.copyItem(atPath: folder.file("a"), toPath: folder.file("clone"))
        let original = try Replica(opening: folder.file("a"))
        let clone = try Replica(opening: folder.file("clone"))
        _ = try original.set(.saved(storyID(1), true), at: at(0))
        try original.sync(with: server, at: at(1))
        _ = try clone.set(.saved(storyID(2), true), .note(storyID(2), "x"), at: at(2))
        let sent = try clone.changesToPush(limit: 1, fields: all)
        #expect(sent.map(\.id.number) == [1])
        let summary = try clone.apply(try server.exchange(try clone.syncState(), [], at: at(3)), at: at(3))
        #expect(summary.forked)
        #expect(try clone.pendingCount() == 2)
        try clone.reidentify(as: ReplicaID(rawValue: 77))
        let anew = try clone.changesToPush(limit: 9, fields: all)
        #expect(
            anew.map(\.id) == [
                ChangeID(replica: ReplicaID(rawValue: 77), number: 1),
                ChangeID(replica: ReplicaID(rawValue: 77), number: 2),
            ])
        try clone.sync(with: server, at: at(4))
        try original.sync(with: server, at: at(5))
        #expect(try original.exportState() == clone.exportState())
        #expect(try clone.log(limit: 9).filter(\.isMine).count == 3)
        #expect(try clone.checkIntegrity() == [])
    }

    @Test("a pending change that cannot be read stops the merge, and nothing is applied")
    func unreadablePending() throws {
        _ = try b.set(.saved(storyID(1), true), at: at(0))
        try b.sync(with: server, at: at(1))
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        try DatabaseQueue(path: folder.file("a")).write { db in
            try db.execute(sql: "UPDATE change SET value = NULL")
        }
        let reply = try server.exchange(try a.syncState(), [], at: at(2))
        #expect { _ = try a.apply(reply, at: at(2)) } throws: { ($0 as? ReplicaError)?.code == .damaged }
        #expect(try a.syncState().cursor == .origin)
    }

    @Test("checkpoints are kept densely near the end and ever further apart before")
    func checkpoints() throws {
        server.pageSize = 1
        for number in 0..<300 {
            _ = try b.set(.progress(storyID(1), number + 1), at: at(Int64(number)))
            try b.sync(with: server, at: at(Int64(number)))
        }
        let kept = try b.checkpoints(limit: 1_000).map(\.sequence)
        #expect(kept.prefix(32) == Array((269...300).reversed())[...])
        #expect(kept.count <= 32 + 9)
        #expect(try b.checkpoints(limit: 3) == [300, 299, 298].map { server.cursor(at: $0) })
    }
}
