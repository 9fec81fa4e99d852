import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Testing

@Suite("The names of devices in an account") struct DeviceNameTests {
    private func device(_ name: String, of server: TestServer, seed: UInt64 = 20) throws -> TestServer {
        var draw = RandomDraw(SeededRandomSource(seed: seed))
        let token = try server.store.addDevice(name, of: "anna", at: server.clock.now(), using: &draw).token
        return try TestServer(folder: server.folder, token: token)
    }

    private func names(_ response: SyncResponse) -> [ReplicaID: String]? { response.account?.account.devices }

    @Test("a push tells at once which replica is which device, and every device hears it")
    func push() async throws {
        let laptop = try TestServer()
        let phone = try device("phone", of: laptop)
        let first = try await laptop.sync(by: 0xa1)
        #expect(names(first) == [:])
        let pushed = try await laptop.sync(by: 0xa1, push: [change(1)], account: first.account?.version)
        #expect(names(pushed) == [ReplicaID(rawValue: 0xa1): "laptop"])
        let heard = try await phone.sync(
            by: 0xb2, from: pushed.cursor, push: [change(1)], account: first.account?.version)
        #expect(names(heard) == [ReplicaID(rawValue: 0xa1): "laptop", ReplicaID(rawValue: 0xb2): "phone"])
    }

    @Test("the account does not travel again for a replica whose device is known")
    func unchanged() async throws {
        let laptop = try TestServer()
        let first = try await laptop.sync(push: [change(1)])
        let again = try await laptop.sync(from: first.cursor, push: [change(2)], account: first.account?.version)
        #expect(again.account == nil && again.own == [2])
        let nothing = try await laptop.sync(from: again.cursor, account: first.account?.version)
        #expect(nothing.account == nil)
    }

    @Test("a replica that never sent a change is not named, however often it asks")
    func silent() async throws {
        let laptop = try TestServer()
        _ = try await laptop.sync(by: 0xc3)
        #expect(names(try await laptop.sync(by: 0xc3)) == [:])
    }

    @Test("a replica that gets another device's token is called as that device")
    func newToken() async throws {
        let old = try TestServer()
        let first = try await old.sync(push: [change(1)])
        let new = try device("laptop, new", of: old)
        let second = try await new.sync(from: first.cursor, push: [change(2)], account: first.account?.version)
        #expect(names(second) == [ReplicaID(rawValue: 0xa1): "laptop, new"])
    }

    @Test("a revoked device keeps its name: what it said stands")
    func revoked() async throws {
        let laptop = try TestServer()
        let phone = try device("phone", of: laptop)
        try await phone.sync(by: 0xb2, push: [change(1)])
        let id = try #require(try laptop.store.devices().first { $0.name == "phone" }?.id)
        try laptop.store.revokeDevice(id, at: laptop.clock.now())
        #expect(names(try await laptop.sync(by: 0xa1)) == [ReplicaID(rawValue: 0xb2): "phone"])
    }

    @Test("another reader's devices are not told")
    func otherReader() async throws {
        let laptop = try TestServer()
        try await laptop.sync(push: [change(1)])
        try laptop.store.addReader("bert", at: laptop.clock.now())
        var draw = RandomDraw(SeededRandomSource(seed: 30))
        let token = try laptop.store.addDevice("tablet", of: "bert", at: laptop.clock.now(), using: &draw).token
        let tablet = try TestServer(folder: laptop.folder, token: token)
        #expect(names(try await tablet.sync(by: 0xd4, push: [change(1)])) == [ReplicaID(rawValue: 0xd4): "tablet"])
    }

    @Test("of more replicas than an account may name, those of the newest devices are named")
    func many() async throws {
        let laptop = try TestServer()
        var cursor = StateCursor.origin
        for replica in 1...UInt64(Account.maximumDevices) {
            cursor = try await laptop.sync(by: replica, from: cursor, push: [change(1)]).cursor
        }
        let phone = try device("phone", of: laptop)
        let answer = try await phone.sync(by: 0xfff_ffff, from: cursor, push: [change(1)])
        let told = try #require(names(answer))
        #expect(told.count == Account.maximumDevices && told[ReplicaID(rawValue: 0xfff_ffff)] == "phone")
    }
}
