import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct ConflictTests: OnTwoDevices {
    let devices: TwoDevices

    init() throws { devices = try TwoDevices(articles: 1...3) }

    /// Both edit without knowing of each other, then both sync, `b` last to be heard of.
    private func collide(_ mine: Edit?, _ theirs: Edit?) throws {
        _ = try a.set(mine, at: at(10))
        _ = try b.set(theirs, at: at(20))
        try a.sync(with: server, at: at(30))
        try b.sync(with: server, at: at(31))
        try a.sync(with: server, at: at(32))
    }

    @Test("fields with a rule are settled alike on both sides, and the journal says so")
    func rules() throws {
        let id = storyID(1)
        try collide(.read(id, false, by: .explicit), .read(id, true, by: .bulk))
        _ = try a.set(.read(id, true, by: .explicit), at: at(40))
        try a.sync(with: server, at: at(41))
        try b.sync(with: server, at: at(41))
        try collide(.read(id, false, by: .explicit), .read(id, false, by: .bulk))
        #expect(try a.article(id.description).readBy == nil)
        try collide(.progress(id, 5_000), .progress(id, 3_000))
        #expect(try b.article(id.description).summary.progress == 5_000)
        try collide(.saved(id, true), .saved(id, true))
        _ = try a.set(.saved(id, false), at: at(50))
        _ = try b.set(.tag(id, try tag("x"), true), at: at(50))
        try a.sync(with: server, at: at(51))
        try b.sync(with: server, at: at(51))
        try a.sync(with: server, at: at(52))
        #expect(try b.article(id.description).summary.isSaved == false)
        #expect(try a.exportState() == b.exportState())
        #expect(try a.conflicts().isEmpty)
        let journal = try a.conflicts(includeSettled: true)
        #expect(journal.map(\.state) == [.settled])
        #expect(journal.first?.rule == .furthestWins)
        #expect(journal.first?.sides.map(\.change.value) == [.progress(5_000), .progress(3_000)])
    }

    @Test("notes that changed different lines are merged, and shown so on both sides")
    func notesMerge() throws {
        let id = storyID(1)
        _ = try a.set(.note(id, "one\ntwo\nthree"), at: at(0))
        try a.sync(with: server, at: at(1))
        try b.sync(with: server, at: at(2))
        try collide(.note(id, "ONE\ntwo\nthree"), .note(id, "one\ntwo\nTHREE"))
        #expect(try a.article(id.description).note == "ONE\ntwo\nTHREE")
        #expect(try a.exportState() == b.exportState())
        #expect(try a.conflicts(includeSettled: true).map(\.state) == [.merged])
    }

    @Test("a conflict is opened on both sides, resolved on one, over on both, and the losing value is kept")
    func openAndResolve() throws {
        let id = storyID(2)
        try collide(.note(id, "mine"), .note(id, "theirs"))
        let conflict = try #require(try a.conflicts().first)
        #expect(conflict.sides.map(\.change.value) == [.note("mine", base: ""), .note("theirs", base: "")])
        #expect(conflict.sides.map(\.isMine) == [true, false])
        #expect(conflict.shown == .note("theirs", base: ""))
        #expect(try b.conflicts().map(\.id) == [conflict.id])
        _ = try a.resolve(String(conflict.id.prefix(5)), .mine, at: at(40))
        #expect(try a.conflicts().isEmpty)
        try a.sync(with: server, at: at(41))
        try b.sync(with: server, at: at(42))
        #expect(try b.article(id.description).note == "mine")
        let past = try b.conflict(conflict.id)
        #expect(past.state == .resolved)
        #expect(past.closed == at(42))
        #expect(past.sides.map(\.change.value) == [.note("mine", base: ""), .note("theirs", base: "")])
        #expect { try b.resolve(conflict.id, .mine, at: at(43)) } throws: {
            ($0 as? ReplicaError)?.code == .notApplicable
        }
    }

    @Test("a second conflict of the same field has a name of its own, and the first stays listed")
    func secondConflict() throws {
        let id = storyID(2)
        try collide(.note(id, "m1"), .note(id, "t1"))
        let first = try #require(try a.conflicts().first)
        _ = try a.resolve(first.id, .both, at: at(40))
        try a.sync(with: server, at: at(41))
        try b.sync(with: server, at: at(42))
        #expect(try b.article(id.description).note == "m1\n---\nt1")
        try collide(.note(id, "m2"), .note(id, "t2"))
        #expect(try a.conflicts().map(\.id) == [first.id + "-2"])
        #expect(try a.conflict(first.id).state == .resolved)
    }

    @Test("unsubscribing wins at once, and the reader is told that it undid a subscription")
    func optOutWins() throws {
        let key = try #require(RegisterKey(.newsletter(try name("daily")), .subscribed))
        try collide(Edit(key, .flag(true)), Edit(key, .flag(false)))
        for replica in [a, b] {
            #expect(try replica.shown(key) == .flag(false))
            #expect(try replica.conflicts().map(\.rule) == [.unsubscribedWins])
        }
        let conflict = try #require(try a.conflicts().first)
        _ = try a.resolve(conflict.id, .theirs, at: at(50))
        try a.sync(with: server, at: at(51))
        try b.sync(with: server, at: at(52))
        #expect(try b.conflicts().isEmpty)
        #expect(try b.shown(key) == .flag(false))
    }

    @Test("saying again what is shown decides a conflict, while it is left out where there is none")
    func sameValueDecides() throws {
        let id = storyID(2)
        try collide(.note(id, "mine"), .note(id, "theirs"))
        #expect(try a.set(.note(id, "theirs"), at: at(40)).recorded == 1)
        #expect(try a.conflicts().isEmpty)
        #expect(try a.set(.note(id, "theirs"), at: at(41)).unchanged == 1)
    }

    @Test("the policy 'mine' decides by itself, and is refused where it could let an opt-in win")
    func policies() throws {
        try a.setPolicy(.mine, for: .note)
        #expect { try a.setPolicy(.mine, for: .consent) } throws: {
            ($0 as? ReplicaError)?.code == .notApplicable
        }
        #expect { try a.setPolicy(.theirs, for: .subscribed) } throws: {
            ($0 as? ReplicaError)?.code == .notApplicable
        }
        try collide(.note(storyID(1), "mine"), .note(storyID(1), "theirs"))
        #expect(try a.applyPolicies(at: at(40)).recorded == 1)
        #expect(try a.article(storyID(1).description).note == "mine")
        #expect(try a.conflicts().isEmpty)
        #expect(try a.policies()[.note] == .mine)
    }

    @Test("the policy 'ask' opens a conflict where a rule would have settled it")
    func ask() throws {
        try a.setPolicy(.ask, for: .progress)
        try collide(.progress(storyID(1), 5_000), .progress(storyID(1), 3_000))
        #expect(try a.conflicts().map(\.rule) == [.furthestWins])
        #expect(try b.conflicts().isEmpty)
    }

    @Test("a difference that begins and ends within one page is still in the journal")
    func withinOnePage() throws {
        try collide(.note(storyID(1), "mine"), .note(storyID(1), "theirs"))
        _ = try a.resolve(try #require(try a.conflicts().first).id, .text("both of us"), at: at(40))
        try a.sync(with: server, at: at(41))
        let c = try folder.replica("c", id: 3)
        server.pageSize = 100
        let summary = try c.sync(with: server, at: at(50))
        #expect(summary.opened == 0)
        #expect(try c.conflicts().isEmpty)
        #expect(try c.conflicts(includeSettled: true).first?.sides.count == 2)
        #expect(try c.exportState() == a.exportState())
    }

    @Test("an opt-in is no way to end a conflict with an opt-out, on either side")
    func optInCannotEnd() throws {
        let key = try #require(RegisterKey(.newsletter(try name("daily")), .subscribed))
        try collide(Edit(key, .flag(true)), Edit(key, .flag(false)))
        let conflict = try #require(try a.conflicts().first)
        for (replica, resolution) in [(a, Resolution.mine), (b, Resolution.theirs)] {
            #expect {
                try replica.resolve(conflict.id, resolution, at: at(50))
            } throws: {
                ($0 as? ReplicaError)?.code == .notApplicable
                    && ($0 as? ReplicaError)?.remedy?.contains("newsletters subscribe daily") == true
            }
        }
        #expect(try a.conflicts().count == 1)
    }

    @Test("a conflict is not decided by an answer to what the reader was not shown")
    func expected() throws {
        try collide(.note(storyID(1), "mine"), .note(storyID(1), "theirs"))
        let shown = try #require(try a.conflicts().first)
        _ = try b.set(.note(storyID(1), "other"), at: at(40))
        let c = try folder.replica("c", id: 3)
        _ = try c.set(.note(storyID(1), "third"), at: at(41))
        try c.sync(with: server, at: at(42))
        try a.sync(with: server, at: at(43))
        #expect { try a.resolve(shown.id, .mine, expecting: shown.sides, at: at(44)) } throws: {
            ($0 as? ReplicaError)?.code == .notApplicable
        }
        let now = try #require(try a.conflicts().first)
        _ = try a.resolve(now.id, .mine, expecting: now.sides, at: at(45))
        #expect(try a.conflicts().isEmpty)
    }

    @Test("what lost is listed: while a difference lasts, after the reader decided, and after a rule did")
    func lost() throws {
        try collide(.note(storyID(1), "mine"), .note(storyID(1), "theirs"))
        var conflict = try #require(try a.conflicts().first)
        #expect(conflict.lost.map(\.change.value) == [.note("mine", base: "")])
        _ = try a.resolve(conflict.id, .mine, at: at(40))
        conflict = try a.conflict(conflict.id)
        #expect(conflict.settledOn == .note("mine", base: "theirs"))
        #expect(conflict.lost.map(\.change.value) == [.note("theirs", base: "")])
        try collide(.note(storyID(2), "m"), .note(storyID(2), "t"))
        let second = try #require(try a.conflicts().first)
        _ = try a.resolve(second.id, .both, at: at(60))
        #expect(try a.conflict(second.id).lost.isEmpty)
        try collide(.progress(storyID(3), 5_000), .progress(storyID(3), 3_000))
        _ = try a.set(.progress(storyID(3), 9_000), at: at(70))
        let settled = try #require(try a.conflicts(includeSettled: true).first)
        #expect(settled.shown == .progress(9_000) && settled.settledOn == .progress(5_000))
        #expect(settled.lost.map(\.change.value) == [.progress(3_000)])
    }
}
