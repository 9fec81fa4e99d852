import GRDB
@testable import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct RestoreTests: OnTwoDevices {
    let devices: TwoDevices

    init() throws { devices = try TwoDevices(articles: 1...5) }

    @Test("a new replica takes a snapshot, and shows what one shows that followed the log")
    func snapshot() throws {
        _ = try a.set(
            .saved(storyID(1), true), .note(storyID(2), "a"), .tag(storyID(3), try tag("x"), true), at: at(0))
        _ = try b.set(.note(storyID(2), "b"), .read(storyID(1), true, by: .explicit), at: at(1))
        for replica in [a, b, a] { try replica.sync(with: server, at: at(2)) }
        let c = try folder.replica("c", id: 3)
        _ = try c.apply(try articles(1...5), resets: false)
        let whole = server.snapshot
        var (first, second) = (whole, whole)
        first.versions = Array(whole.versions.prefix(2))
        second.versions = Array(whole.versions.dropFirst(2))
        try c.stage(first, isFirst: true)
        #expect(try c.articleIDs(ArticleFilter(saved: true)).isEmpty)
        try c.stage(second, isFirst: false)
        let summary = try c.adoptSnapshot(common: nil, at: at(3))
        #expect(summary.received == whole.versions.count)
        #expect(summary.opened == 1)
        #expect(try c.openConflictCount() == 1)
        #expect(try c.exportState() == a.exportState())
        #expect(try c.articleIDs(ArticleFilter(saved: true)) == [storyID(1)])
        #expect(try c.syncState().cursor == server.cursor)
        #expect(try c.checkIntegrity() == [])
        #expect { _ = try c.adoptSnapshot(common: nil, at: at(4)) } throws: {
            ($0 as? ReplicaError)?.code == .notApplicable
        }
    }

    @Test("a snapshot that would turn over many marks is not taken over unasked, and stays aside")
    func heldSnapshot() throws {
        let edits = (1...600).compactMap { Edit.saved(storyID($0), true) }
        _ = try a.record(edits, at: at(0))
        try a.sync(with: server, at: at(1))
        let before = try a.exportState()
        var snapshot = server.snapshot
        snapshot.versions = []
        try a.stage(snapshot, isFirst: true)
        guard case .held(let flips) = try a.adoptSnapshot(common: nil, holdsFlips: true, at: at(2)) else {
            Issue.record("600 marks went without a word")
            return
        }
        #expect(flips.total == 600 && flips.marks == 600)
        #expect(try a.exportState() == before)
        guard case .applied = try a.adoptSnapshot(common: nil, holdsFlips: false, at: at(3)) else {
            Issue.record("the snapshot did not stay aside")
            return
        }
        #expect(try a.exportState() != before)
    }

    @Test("marks that are turned over in slices are held once they are too many together, within an hour")
    func slices() throws {
        server.pageSize = 10_000
        let edits = (1...1_600).compactMap { Edit.saved(storyID($0), true) }
        _ = try a.record(edits, at: at(0))
        for replica in [a, b] { try replica.sync(with: server, at: at(1)) }
        func slice(_ numbers: ClosedRange<UInt64>, at seconds: Int64) throws -> PullOutcome {
            _ = try b.record(numbers.compactMap { Edit.saved(storyID($0), false) }, at: at(seconds))
            try b.sync(with: server, at: at(seconds))
            let reply = try server.exchange(try a.syncState(), [], at: at(seconds))
            return try a.apply(holding: [reply], at: at(seconds))
        }
        guard case .applied = try slice(1...450, at: 100), case .held(let flips) = try slice(451...700, at: 200) else {
            Issue.record("250 and then 450 of 1600 marks were not held together")
            return
        }
        #expect(flips.total == 250 && flips.earlier == 450 && flips.marks == 1_600)
        guard
            case .applied = try a.apply(
                holding: [try server.exchange(try a.syncState(), [], at: at(4_000))], at: at(4_000))
        else {
            Issue.record("what was taken over more than an hour before still counts")
            return
        }
    }

    @Test("marks of which two devices said the same count once")
    func marksCountOnce() throws {
        let edits = (1...600).compactMap { Edit.saved(storyID($0), true) }
        for replica in [a, b] { _ = try replica.record(edits, at: at(0)) }
        server.pageSize = 10_000
        for replica in [a, b, a] { try replica.sync(with: server, at: at(1)) }
        #expect(try a.queue.read { try ChangeRows.markCount($0) } == 600)
    }

    @Test("a snapshot that holds a pending change acknowledges it, and leaves the others on top")
    func snapshotAcknowledges() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        try server.push(try a.changesToPush(limit: 9, fields: all), cursor: 0, at: at(1))
        _ = try a.set(.saved(storyID(2), true), at: at(2))
        try a.stage(server.snapshot, isFirst: true)
        #expect(try a.adoptSnapshot(common: nil, at: at(3)).acknowledged == 1)
        #expect(try a.pendingCount() == 1)
        #expect(try a.articleIDs(ArticleFilter(saved: true)).count == 2)
        try a.sync(with: server, at: at(4))
        #expect(try a.checkIntegrity() == [])
    }

    @Test("what a restored remote lost is offered with what each change had seen of its field")
    func offers() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        try a.sync(with: server, at: at(1))
        _ = try a.set(.note(storyID(1), "one"), at: at(2))
        try a.sync(with: server, at: at(3))
        try b.sync(with: server, at: at(4))
        _ = try b.set(.note(storyID(1), "two"), .saved(storyID(1), false), at: at(5))
        try b.sync(with: server, at: at(6))
        let offers = try b.offers(after: 1, common: 1, limit: 10)
        #expect(offers.map(\.entry) == Array(server.entries.dropFirst()))
        let one = ChangeID(replica: ReplicaID(rawValue: 1), number: 2)
        #expect(offers.map(\.saw) == [[], [one], []])
        #expect(try b.offers(after: 3, common: 1, limit: 1).map(\.entry.sequence) == [4])
        #expect(try b.offers(after: 2, common: 1, limit: 1).map(\.saw) == [[one]])
    }

    /// `a` saved an article, the remote was put back, and another change has the name of `a`'s when it is offered.
    private func offerUnderTakenName() throws -> RestoreOffer {
        for isSaved in [true, false] {
            _ = try a.set(.saved(storyID(1), isSaved), at: at(0))
            try a.sync(with: server, at: at(1))
        }
        let offer = RestoreOffer(common: .origin, entries: try a.offers(after: 0, common: 0, limit: 1))
        try a.recordRestore(offer, reply: RestoreReply(places: [7], common: .origin, renamed: [0]))
        return offer
    }

    @Test("a change whose name another has in the log is called as the log calls it, and stays the reader's own")
    func renamed() throws {
        let offered = try #require(try offerUnderTakenName().entries.first).entry
        var change = offered.change
        change.id = change.nameWhereTaken
        let cursor = StateCursor(epoch: 9, sequence: 7, prefix: .zero)
        try a.stage(
            SnapshotPage(
                cursor: cursor, versions: [Version(change: change, position: .logged(7), noteBase: "")], next: nil),
            isFirst: true)
        #expect(try a.adoptSnapshot(common: 0, at: at(2)).received == 0)
        let row = try #require(try a.log(limit: 9).first { $0.change.id == change.id })
        #expect(row.sequence == 7)
        #expect(row.isMine)
        #expect(try a.offers(after: 0, common: 0, limit: 10).map(\.entry.change.id) == [change.id])
    }

    @Test(
        "until the snapshot is adopted a change keeps its name: a remote that is put back again may not know the new one"
    )
    func nameWaits() throws {
        let offer = try offerUnderTakenName()
        #expect(try a.log(limit: 9).last?.change.id == offer.entries.first?.entry.change.id)
        #expect(try a.offers(after: 0, common: 0, limit: 1) == offer.entries)
        // Put back once more, the log has it where it was, under its own name.
        try a.recordRestore(offer, reply: RestoreReply(places: [1], common: server.cursor(at: 1)))
        #expect(try a.offers(after: 1, common: 0, limit: 9).map(\.saw) == [offer.entries.map(\.entry.change.id)])
        let id = offer.entries.first?.entry.change.id
        try a.stage(server.snapshot, isFirst: true)
        _ = try a.adoptSnapshot(common: 1, at: at(2))
        #expect(try a.log(limit: 9).contains { $0.change.id == id })
    }

    @Test("what is offered after a change that got another name has seen it under that name")
    func sawRenamed() throws {
        let offer = try offerUnderTakenName()
        #expect(
            try a.offers(after: 1, common: 0, limit: 9).map(\.saw)
                == [offer.entries.map(\.entry.change.nameWhereTaken)])
    }

    @Test("what was superseded long ago has its context in the new history too, for the next log that is put back")
    func supersededRebased() throws {
        for (index, text) in ["one", "two", "three"].enumerated() {
            _ = try a.set(.note(storyID(1), text), at: at(Int64(2 * index)))
            try a.sync(with: server, at: at(Int64(2 * index + 1)))
        }
        let lost = server.entries
        server.restore(to: 0, epoch: 56)
        let c = try folder.replica("c", id: 3)
        _ = try c.set(.saved(storyID(4), true), at: at(6))
        try c.sync(with: server, at: at(7))
        for entry in lost { server.append(entry.change, at: at(8)) }
        try a.recordRestore(
            RestoreOffer(common: .origin, entries: try a.offers(after: 0, common: 0, limit: 10)),
            reply: RestoreReply(places: [2, 3, 4], common: .origin))
        try a.stage(server.snapshot, isFirst: true)
        _ = try a.adoptSnapshot(common: 0, at: at(9))
        let two = try a.log(limit: 9).first { $0.change.value == .note("two", base: "one") }
        #expect(two?.sequence == 3)
        #expect(two?.change.seen == SeenContext(through: 0, also: [2]))
    }

    @Test("if everything stands where it stood, the cursor stays good under the new generation")
    func restoreInPlace() throws {
        _ = try a.set(.saved(storyID(1), true), .saved(storyID(2), true), .saved(storyID(3), true), at: at(0))
        try a.sync(with: server, at: at(1))
        let kept = server.entries
        server.restore(to: 1, epoch: 55)
        let offers = try a.offers(after: 1, common: 1, limit: 10)
        for entry in kept.dropFirst() { server.append(entry.change, at: at(2)) }
        try a.recordRestore(
            RestoreOffer(common: server.cursor(at: 1), entries: offers),
            reply: RestoreReply(places: [2, 3], common: server.cursor))
        #expect(try a.syncState().cursor == server.cursor)
        #expect(server.cursor.epoch == 55)
        #expect(try a.sync(with: server, at: at(3)) == StateSummary())
    }

    @Test("if the remote had moved on, contexts follow the entries to their new places, and both sides agree")
    func restoreMoved() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        try a.sync(with: server, at: at(1))
        _ = try a.set(.note(storyID(1), "lost"), at: at(2))
        try a.sync(with: server, at: at(3))
        try b.sync(with: server, at: at(4))
        _ = try a.set(.note(storyID(1), "lost, then edited"), at: at(5))
        server.restore(to: 1, epoch: 56)
        // Someone else writes before the entry is offered again.
        let c = try folder.replica("c", id: 3)
        _ = try c.set(.saved(storyID(4), true), .saved(storyID(5), true), at: at(6))
        try c.sync(with: server, at: at(7))
        let offers = try a.offers(after: 1, common: 1, limit: 10)
        #expect(offers.map(\.entry.sequence) == [2])
        let lost = try #require(offers.first).entry.change
        server.append(lost, at: at(8))
        let common = server.cursor(at: 1)
        for replica in [a, b] {
            try replica.recordRestore(
                RestoreOffer(common: common, entries: try replica.offers(after: 1, common: 1, limit: 10)),
                reply: RestoreReply(places: [4], common: common))
            try replica.stage(server.snapshot, isFirst: true)
            _ = try replica.adoptSnapshot(common: 1, at: at(9))
        }
        let pending = try #require(try a.changesToPush(limit: 9, fields: all).first)
        #expect(pending.seen == SeenContext(through: 1, also: [4]))
        #expect(try a.checkpoints(limit: 9).map(\.sequence) == [4, 1])
        #expect(try b.checkpoints(limit: 9).map(\.sequence) == [4])
        server.restoreNumbers()
        for replica in [a, b, c, a] { try replica.sync(with: server, at: at(10)) }
        #expect(try a.article(storyID(1).description).note == "lost, then edited")
        #expect(try a.conflicts().isEmpty)
        #expect(try a.exportState() == b.exportState())
        #expect(try a.exportState() == c.exportState())
        #expect(try a.checkIntegrity() == [])
    }

    @Test("a change that saw very many of its field names the newest of them, as many as a context holds")
    func manySeen() throws {
        for number in 1...300 {
            _ = try a.set(.progress(storyID(1), number), at: at(Int64(number)))
            try a.sync(with: server, at: at(Int64(number)))
        }
        let last = try #require(try a.offers(after: 299, common: 0, limit: 9).first)
        #expect(last.saw.map(\.number) == Array(44...299))
    }
}
