@testable import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite("Names of devices") struct DeviceNameTests {
    let folder: Folder
    let server = TinyServer()
    let a: Replica
    let b: Replica

    private static let phone = ReplicaID(rawValue: 2)
    private static let tablet = ReplicaID(rawValue: 0xABCD_EF00_0000_0003)

    init() throws {
        folder = try Folder()
        a = try folder.replica("a", id: 1)
        b = try folder.replica("b", id: 2)
        for replica in [a, b] { _ = try replica.apply(try articles(1...3), resets: false) }
    }

    private func tell(_ devices: [ReplicaID: String], _ replica: Replica) throws {
        var reply = ExchangeReply(time: at(0), entries: [], cursor: try replica.syncState().cursor)
        reply.account = Account(version: "v", name: "ann", deliveries: [:], devices: devices)
        _ = try replica.apply(reply, at: at(0))
    }

    @Test("the newest account takes the place of the one before, names and all")
    func replaced() throws {
        try tell([Self.phone: "phone", Self.tablet: "tablet"], a)
        try tell([Self.tablet: "slate"], a)
        let names = try a.deviceNames()
        #expect(names[Self.phone] == nil && names[Self.tablet] == "slate")
        #expect(names.other(Self.phone) == "another device (000000)")
    }

    @Test(
        "a name that does not tell one device has the short identity beside it",
        arguments: ["phone", "this device", "here", "device"])
    func shared(name: String) {
        let names = DeviceNames([Self.phone: "phone", Self.tablet: name])
        #expect(names.name(of: Self.tablet) == "\(name) (abcdef)")
        #expect(names.name(of: Self.phone) == (name == "phone" ? "phone (000000)" : "phone"))
    }

    @Test("an undo that is refused says which device set the field since")
    func undo() throws {
        _ = try a.set(.note(storyID(1), "mine"), at: at(0))
        try a.sync(with: server, at: at(1))
        try b.sync(with: server, at: at(2))
        _ = try b.set(.note(storyID(1), "theirs"), at: at(3))
        try b.sync(with: server, at: at(4))
        try a.sync(with: server, at: at(5))
        try tell([Self.phone: "phone"], a)
        #expect { try a.undo(.last(1), at: at(6)) } throws: {
            ($0 as? ReplicaError)?.candidates.first?.hasSuffix(": phone set it since") == true
        }
    }
}
