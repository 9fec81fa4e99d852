import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct CloneTests {
    let folder: Folder
    let server = TinyServer()

    init() throws { folder = try Folder() }

    @Test("an opt-in of one copy does not count as having seen an opt-out that the other copy made")
    func optOutOfTheOtherCopy() throws {
        // Two copies of one file: the same identity, and the same next number.
        let first = try folder.replica("first", id: 1)
        let second = try folder.replica("second", id: 1)
        let key = try #require(RegisterKey(.newsletter(try name("daily")), .subscribed))
        _ = try first.record([Edit(key, .flag(false))], at: at(0))
        try first.sync(with: server, at: at(1))
        _ = try second.record([Edit(key, .flag(true))], at: at(2))
        let page = try server.exchange(try second.syncState(), [], at: at(3))
        #expect(try second.apply(page, at: at(3)).forked)
        try second.reidentify(as: ReplicaID(rawValue: 2))
        #expect(try second.shown(key) == .flag(false))
        for replica in [second, first] { try replica.sync(with: server, at: at(4)) }
        #expect(try second.shown(key) == .flag(false))
        #expect(try second.exportState() == first.exportState())
        #expect(try second.conflicts().count == 1)
        #expect(try second.checkIntegrity() == [])
    }

    @Test("what a replica wrote itself before it took a new identity still gives way to what it wrote later")
    func ownFormerChanges() throws {
        let replica = try folder.replica("a", id: 1)
        _ = try replica.set(.note(storyID(1), "one"), at: at(0))
        let sent = try replica.changesToPush(limit: 9, fields: Set(RemoteCapabilities.FieldKind.allCases))
        try server.push(sent, cursor: 0, at: at(1))
        _ = try replica.set(.note(storyID(1), "two"), at: at(2))
        _ = try replica.apply(try server.exchange(try replica.syncState(), [], at: at(3)), at: at(3))
        try replica.reidentify(as: ReplicaID(rawValue: 2))
        try replica.sync(with: server, at: at(4))
        #expect(try replica.conflicts(includeSettled: true).isEmpty)
        #expect(server.entries.last?.change.seen.contains(1) == true)
    }
}
