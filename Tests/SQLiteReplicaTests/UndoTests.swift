import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite("Taking commands back")
struct UndoTests: OnTwoDevices {
    let devices: TwoDevices

    init() throws { devices = try TwoDevices(articles: 1...5) }

    private func edit(_ entity: Entity, _ field: Field, _ value: Value) throws -> Edit {
        Edit(try #require(RegisterKey(entity, field)), value)
    }

    @Test("the last command is taken back whole, each field to what was shown before")
    func last() throws {
        _ = try a.set(.progress(storyID(1), 1_000), .note(storyID(2), "first"), at: at(0))
        _ = try a.record(
            [
                Edit.progress(storyID(1), 9_000), .note(storyID(2), "second"), .saved(storyID(3), true),
                .read(storyID(4), true, by: .bulk), .tag(storyID(5), try tag("t"), true),
            ].compactMap { $0 }, as: "everything", at: at(10))
        let summary = try a.undo(.last(1), at: at(20))
        #expect(summary.undone.map(\.command) == ["everything"] && summary.undone.map(\.changes) == [5])
        #expect(summary.recorded == 5)
        #expect(try a.detail(1).summary.progress == 1_000)
        #expect(try a.detail(2).note == "first")
        #expect(try !a.detail(3).summary.isSaved && !a.detail(4).summary.isRead)
        #expect(try a.detail(5).summary.tags.isEmpty)
    }

    @Test("what was recorded says by which number it is taken back; where nothing was, there is none")
    func numbered() throws {
        let edits = [Edit.saved(storyID(1), true)].compactMap { $0 }
        let batch = try #require(try a.record(edits, as: "save", at: at(0)).batch)
        #expect(try a.record(edits, as: "save", at: at(1)).batch == nil)
        _ = try a.set(.saved(storyID(2), true), at: at(2))
        #expect(try a.undo(.batch(batch), at: at(3)).undone.map(\.command) == ["save"])
        #expect(try !a.detail(1).summary.isSaved && a.detail(2).summary.isSaved)
    }

    @Test("what was synced is taken back by new changes, which hold on all devices")
    func synced() throws {
        _ = try a.set(.note(storyID(1), "one"), at: at(0))
        _ = try a.set(.note(storyID(1), "two"), at: at(1))
        try a.sync(with: server, at: at(2))
        _ = try a.set(.note(storyID(1), "three"), at: at(3))
        try a.sync(with: server, at: at(4))
        let summary = try a.undo(.last(2), at: at(5))
        #expect(summary.undone.count == 2)
        #expect(try a.detail(1).note == "one")
        try a.sync(with: server, at: at(6))
        try b.sync(with: server, at: at(7))
        #expect(try b.detail(1).note == "one")
        #expect(try a.exportState() == b.exportState())
        #expect(try a.conflicts(includeSettled: true).isEmpty)
    }

    @Test("a plain undo goes on to the command before, and an undo is taken back by its number")
    func undoOfUndo() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        _ = try a.set(.saved(storyID(2), true), at: at(1))
        let first = try a.undo(.last(1), at: at(2))
        let second = try a.undo(.last(1), at: at(3))
        #expect(first.undone.map(\.id) == [2] && second.undone.map(\.id) == [1])
        #expect(throws: ReplicaError.self) { try a.undo(.last(1), at: at(4)) }
        #expect { try a.undo(.batch(2), at: at(4)) } throws: {
            ($0 as? ReplicaError)?.remedy == "to have it again: 'reader-sync undo 3'"
        }
        _ = try a.undo(.batch(3), at: at(5))
        #expect(try a.detail(2).summary.isSaved && !a.detail(1).summary.isSaved)
        // It is in effect again, so it is the newest that can be taken back.
        #expect(try a.undo(.last(1), at: at(6)).undone.map(\.id) == [2])
        #expect(try !a.detail(2).summary.isSaved)
        #expect(try a.batches(limit: 9).map(\.undoes) == [2, 3, 1, 2, nil, nil])
    }

    @Test("a field that another device set since is left alone, the others are taken back")
    func setElsewhere() throws {
        _ = try a.set(.note(storyID(1), "mine"), .saved(storyID(2), true), at: at(0))
        try a.sync(with: server, at: at(1))
        try b.sync(with: server, at: at(2))
        _ = try b.set(.note(storyID(1), "theirs"), at: at(3))
        try b.sync(with: server, at: at(4))
        try a.sync(with: server, at: at(5))
        let summary = try a.undo(.last(1), at: at(6))
        #expect(summary.recorded == 1 && summary.undone.count == 1)
        #expect(summary.left.map(\.key) == [RegisterKey(.article(storyID(1)), .note)])
        #expect(summary.left.first?.reason.contains("another device") == true)
        #expect(try !a.detail(2).summary.isSaved && a.detail(1).note == "theirs")
    }

    @Test("a command of which nothing can be taken back is refused, or left alone among several, unless it is forced")
    func refused() throws {
        _ = try a.set(.note(storyID(1), "mine"), at: at(0))
        _ = try a.set(.saved(storyID(2), true), at: at(0))
        try a.sync(with: server, at: at(1))
        try b.sync(with: server, at: at(2))
        _ = try b.set(.note(storyID(1), "theirs"), at: at(3))
        try b.sync(with: server, at: at(4))
        try a.sync(with: server, at: at(5))
        #expect { try a.undo(.batch(1), at: at(6)) } throws: {
            guard let error = $0 as? ReplicaError else { return false }
            return error.code == .notApplicable && error.candidates.count == 1
                && error.candidates[0].contains("another device") && error.remedy?.contains("--force") == true
        }
        let summary = try a.undo(.last(2), at: at(7))
        #expect(summary.undone.map(\.id) == [2] && summary.refused.map(\.batch.id) == [1])
        #expect(try !a.detail(2).summary.isSaved && a.detail(1).note == "theirs")
        _ = try a.undo(.batch(1), isForced: true, at: at(8))
        #expect(try (a.detail(1).note ?? "").isEmpty)
    }

    @Test("an older command whose field was set again here since is left alone, unless it is forced")
    func setAgain() throws {
        _ = try a.set(.progress(storyID(1), 1_000), at: at(0))
        _ = try a.set(.progress(storyID(1), 5_000), at: at(1))
        #expect(throws: ReplicaError.self) { try a.undo(.batch(1), at: at(2)) }
        _ = try a.undo(.batch(1), isForced: true, at: at(3))
        #expect(try a.detail(1).summary.progress == 0)
    }

    @Test("how far was read in the reader is stepped over, and taken back by its number")
    func readingPosition() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        _ = try a.record([try #require(.progress(storyID(1), 4_000))], as: Batch.readingPosition + "40%", at: at(1))
        #expect(try a.undo(.last(1), at: at(2)).undone.map(\.id) == [1])
        #expect(try !a.detail(1).summary.isSaved && a.detail(1).summary.progress == 4_000)
        _ = try a.undo(.batch(2), at: at(3))
        #expect(try a.detail(1).summary.progress == 0)
    }

    @Test("a grant is taken back by a withdrawal and a subscription by unsubscribing; neither is ever given back")
    func optIns() throws {
        let (daily, offers) = (Entity.newsletter(try name("daily")), Entity.consent(try name("brandOffers")))
        let terms = ConsentTerms(
            wordingVersion: "3", wordingHash: "h", policyVersion: "p", termsVersion: "t", surface: "cli")
        _ = try a.record([try edit(offers, .consent, .consent(true, terms))], as: "consent grant", at: at(0))
        _ = try a.record(
            [
                try edit(daily, .frequency, .frequency(try #require(Cadence("weekly")))),
                try edit(daily, .subscribed, .flag(true)),
            ],
            as: "newsletters subscribe", at: at(1))
        let summary = try a.undo(.last(2), at: at(2))
        #expect(try a.shown(try #require(RegisterKey(daily, .subscribed))) == .flag(false))
        #expect(try a.shown(try #require(RegisterKey(offers, .consent))) == .consent(false, terms))
        #expect(summary.kept.map(\.field) == [.frequency])
        for (undo, command) in [(Int64(3), "newsletters subscribe daily"), (4, "consent grant brandOffers")] {
            #expect { try a.undo(.batch(undo), isForced: true, at: at(3)) } throws: {
                ($0 as? ReplicaError)?.remedy?.contains(command) == true
            }
        }
        #expect(try a.shown(try #require(RegisterKey(daily, .subscribed))) == .flag(false))
    }

    @Test("a merged note that no device wrote comes back as it was shown")
    func mergedNote() throws {
        _ = try a.set(.note(storyID(1), "one\ntwo\nthree"), at: at(0))
        try a.sync(with: server, at: at(1))
        try b.sync(with: server, at: at(2))
        _ = try a.set(.note(storyID(1), "ONE\ntwo\nthree"), at: at(3))
        _ = try b.set(.note(storyID(1), "one\ntwo\nTHREE"), at: at(4))
        try b.sync(with: server, at: at(5))
        try a.sync(with: server, at: at(6))
        #expect(try a.detail(1).note == "ONE\ntwo\nTHREE")
        _ = try a.set(.note(storyID(1), "all new"), at: at(7))
        _ = try a.undo(.last(1), at: at(8))
        #expect(try a.detail(1).note == "ONE\ntwo\nTHREE")
    }

    @Test("a command that the server did not take needs no taking back")
    func setAside() throws {
        _ = try a.set(.saved(storyID(1), true), at: at(0))
        let sent = try a.changesToPush(limit: 9, fields: Set(RemoteCapabilities.FieldKind.allCases))
        var reply = ExchangeReply(time: at(1), entries: [], cursor: .origin)
        reply.refused = [Refusal(number: sent[0].id.number, code: .unknownEntity, detail: "no")]
        _ = try a.apply(reply, at: at(1))
        let summary = try a.undo(.last(1), at: at(2))
        #expect(summary.recorded == 0 && summary.kept.count == 1)
        #expect(try a.pendingCount() == 0)
    }

    @Test("the log says which command made a change, and nothing of changes from elsewhere")
    func log() throws {
        _ = try b.set(.saved(storyID(3), true), at: at(0))
        try b.sync(with: server, at: at(1))
        _ = try a.record(
            [Edit.saved(storyID(1), true), .saved(storyID(2), true)].compactMap { $0 }, as: "save", at: at(2))
        try a.sync(with: server, at: at(3))
        _ = try a.record([Edit.saved(storyID(1), false)].compactMap { $0 }, as: "unsave", at: at(4))
        #expect(try a.log(limit: 9).map(\.command) == ["unsave", nil, "save", "save"])
        #expect(try a.log(limit: 9).map(\.batch) == [2, nil, 1, 1])
        #expect(try a.log(limit: 1, after: 2).map(\.command) == ["save"])
    }

    @Test("what a policy decided stands beside it in the log")
    func policy() throws {
        try a.setPolicy(.mine, for: .note)
        _ = try a.set(.note(storyID(1), "mine"), at: at(0))
        _ = try b.set(.note(storyID(1), "theirs"), at: at(1))
        try b.sync(with: server, at: at(2))
        try a.sync(with: server, at: at(3))
        #expect(try a.settleByPolicy(at: at(4)) == 1)
        #expect(try a.log(limit: 1).first?.command == "conflicts policy")
    }
}
