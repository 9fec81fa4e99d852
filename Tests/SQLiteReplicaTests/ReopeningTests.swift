import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite("Resolutions that are taken back")
struct ReopeningTests: OnTwoDevices {
    let devices: TwoDevices

    /// Two devices that wrote different notes, `theirs` shown.
    init() throws {
        devices = try TwoDevices(articles: 1...3)
        _ = try a.set(.note(storyID(1), "mine"), at: at(10))
        _ = try b.set(.note(storyID(1), "theirs"), at: at(20))
        for replica in [a, b, a] { try replica.sync(with: server, at: at(30)) }
    }

    private func conflict() throws -> Conflict { try #require(try a.conflicts(includeSettled: true).first) }

    private func isOpenWithBothSides() throws {
        let open = try a.conflicts()
        #expect(open.count == 1 && open.first?.closed == nil)
        #expect(open.first?.sides.map(\.change.value) == [.note("mine", base: ""), .note("theirs", base: "")])
        #expect(try a.detail(1).note == "theirs")
        #expect(open.first?.lost.map(\.change.value) == [.note("mine", base: "")])
        #expect(try a.checkIntegrity() == [])
    }

    @Test("a conflict is open again with both sides, whether its resolution was sent or not", arguments: [false, true])
    func reopens(isSent: Bool) throws {
        _ = try a.resolve(try conflict().id, .mine, at: at(40))
        if isSent { try a.sync(with: server, at: at(41)) }
        _ = try a.undo(.last(1), at: at(42))
        try isOpenWithBothSides()
        for replica in [a, b, a] { try replica.sync(with: server, at: at(43)) }
        try isOpenWithBothSides()
        #expect(try b.detail(1).note == "theirs")
    }

    @Test("one that was resolved to what was shown anyway is open again too")
    func unchanged() throws {
        _ = try a.resolve(try conflict().id, .theirs, at: at(40))
        _ = try a.undo(.last(1), at: at(42))
        try isOpenWithBothSides()
    }

    @Test("it can be resolved anew, each side and both", arguments: [Resolution.mine, .theirs, .both, .text("x")])
    func resolvesAnew(resolution: Resolution) throws {
        _ = try a.resolve(try conflict().id, .theirs, at: at(40))
        try a.sync(with: server, at: at(41))
        _ = try a.undo(.last(1), at: at(42))
        _ = try a.resolve(try conflict().id, resolution, at: at(50))
        let expected = [.mine: "mine", .theirs: "theirs", .both: "mine\n---\ntheirs"][resolution] ?? "x"
        #expect(try a.detail(1).note == expected)
        #expect(try a.conflicts().isEmpty && conflict().state == .resolved)
        for replica in [a, b] { try replica.sync(with: server, at: at(51)) }
        #expect(try b.detail(1).note == expected)
        #expect(try a.conflicts().isEmpty)
    }

    @Test("what is set later, here or elsewhere, decides it", arguments: [false, true])
    func decidedLater(elsewhere: Bool) throws {
        _ = try a.resolve(try conflict().id, .mine, at: at(40))
        _ = try a.undo(.last(1), at: at(42))
        for replica in [a, b] { try replica.sync(with: server, at: at(43)) }
        _ = try (elsewhere ? b : a).set(.note(storyID(1), "later"), at: at(50))
        for replica in [b, a] { try replica.sync(with: server, at: at(51)) }
        #expect(try a.conflicts().isEmpty)
        let over = try conflict()
        #expect(over.state == .resolved && over.settledOn == .note("later", base: "theirs"))
    }

    @Test("an undo of the undo resolves it again")
    func undoneTwice() throws {
        _ = try a.resolve(try conflict().id, .mine, at: at(40))
        let undone = try a.undo(.last(1), at: at(42))
        _ = try a.undo(.batch(try #require(undone.undone.first?.undoneBy)), at: at(44))
        #expect(try a.detail(1).note == "mine" && a.conflicts().isEmpty)
    }

    @Test("a new difference of the field joins it, and is then about what competes now")
    func differsAnew() throws {
        _ = try a.resolve(try conflict().id, .mine, at: at(40))
        _ = try a.undo(.last(1), at: at(42))
        for replica in [a, b] { try replica.sync(with: server, at: at(43)) }
        _ = try a.set(.note(storyID(1), "here"), at: at(50))
        _ = try b.set(.note(storyID(1), "there"), at: at(50))
        for replica in [a, b, a] { try replica.sync(with: server, at: at(51)) }
        let open = try a.conflicts()
        #expect(open.count == 1)
        _ = try a.resolve(try #require(open.first?.id), .mine, at: at(52))
        #expect(try a.detail(1).note == "here" && a.conflicts().isEmpty)
    }
}
