import SyncCore
import Testing

@Suite("Pending changes")
struct PendingChangesTests {
    @Test("a second edit of a note keeps the text that the first started from")
    func coalescedNote() throws {
        let first = try change(alice, 0, .note, .note("b", base: "a"))
        let second = try change(alice, 0, .note, .note("c", base: "b"), at: 5)
        let joined = PendingChanges.coalesce(second, over: first)
        #expect(joined.value == .note("c", base: "a"))
        #expect(joined.stamp == second.stamp)
    }

    @Test("of any other field the newer change stands as it is")
    func coalescedFlag() throws {
        let second = try change(alice, 0, .saved, .flag(false))
        #expect(PendingChanges.coalesce(second, over: try change(alice, 0, .saved, .flag(true))) == second)
    }

    @Test("opt-outs leave before everything else, otherwise order is kept")
    func departure() throws {
        let letter = Entity.newsletter(try #require(EntityName("weekly")))
        let save = try change(alice, 0, .saved, .flag(true))
        let optIn = try change(alice, 0, .subscribed, .flag(true), at: 1, entity: letter)
        let optOut = try change(alice, 0, .subscribed, .flag(false), at: 2, entity: letter)
        #expect(PendingChanges.departureOrder([save, optIn, optOut]) == [optOut, save, optIn])
    }

    @Test("after a repair only the shared history counts as seen, and what of the field was moved along")
    func rebase() {
        let seen = SeenContext(through: 60)
        let rebased = PendingChanges.rebase(seen, common: 50, places: [(old: 55, new: 81), (old: 70, new: 90)])
        #expect(rebased == SeenContext(through: 50, also: [81]))
    }

    @Test("a repair never adds to what was seen")
    func rebaseBelow() {
        let seen = SeenContext(through: 10, also: [12, 60])
        let rebased = PendingChanges.rebase(seen, common: 50, places: [(old: 60, new: 61), (old: 61, new: 62)])
        #expect(rebased == SeenContext(through: 10, also: [12, 61]))
    }
}
