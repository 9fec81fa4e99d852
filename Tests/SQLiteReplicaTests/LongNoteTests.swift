import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct LongNoteTests: OnTwoDevices {
    let devices: TwoDevices
    /// Changes the first line, and the last.
    let mine = String(repeating: "m", count: 20_000) + "\nkept\nmine"
    /// Changes the last line.
    let theirs = "first\nkept\n" + String(repeating: "t", count: 20_000)

    /// Two long notes that overlap in their last line; what is shown is longer than a note may be.
    init() throws {
        devices = try TwoDevices()
        _ = try a.set(.note(storyID(1), "first\nkept\nlast"), at: at(0))
        for replica in [a, b] { try replica.sync(with: server, at: at(1)) }
        _ = try a.set(.note(storyID(1), mine), at: at(2))
        _ = try b.set(.note(storyID(1), theirs), at: at(3))
        for replica in [a, b, a] { try replica.sync(with: server, at: at(4)) }
    }

    @Test("a note that a merge made too long can be written anew")
    func edit() throws {
        _ = try a.set(.note(storyID(1), "short"), at: at(5))
        for replica in [a, b] { try replica.sync(with: server, at: at(6)) }
        #expect(try b.shown(try b.key(1, .note)) == .note("short", base: ""))
        #expect(try a.exportState() == b.exportState())
    }

    @Test("a policy that resolves such a note does not stop the sync")
    func policy() throws {
        #expect(try a.conflicts().count == 1)
        try a.setPolicy(.mine, for: .note)
        #expect(try a.settleByPolicy(at: at(6)) == 1)
        for replica in [a, b] { try replica.sync(with: server, at: at(7)) }
        #expect(try b.shown(try b.key(1, .note)) == .note(mine, base: ""))
    }
}
