import SQLiteReplica
import SyncCore
import SyncSession
import SyncTestKit
import Testing

@Suite("A service that knows only read and starred")
struct BooleanRemoteTests {
    private func devices(_ service: BooleanService) throws -> (Device, Device) {
        let (clock, scratch) = (ManualClock(), try Scratch())
        return (
            try Device(1, remote: BooleanRemote(service, clock: clock), clock: clock, scratch: scratch),
            try Device(2, remote: BooleanRemote(service, clock: clock), clock: clock, scratch: scratch)
        )
    }

    private func read(_ number: Int, _ flag: Bool = true) -> Edit {
        edit(.article(article(number)), .read, .read(flag, by: .explicit))
    }

    @Test("gets read and saved marks, and gives them to the other device")
    func marks() async throws {
        let service = BooleanService()
        let (first, second) = try devices(service)
        try first.mark([read(1), saved(2)])
        #expect(try await first.sync().failure == nil)
        #expect(service.with { $0.read == [article(1)] && $0.starred == [article(2)] })
        #expect(try await second.sync().failure == nil)
        #expect(try second.replica.shown(read(1).key) == .read(true, by: .explicit))
        #expect(try second.replica.shown(saved(2).key) == .flag(true))
    }

    @Test("never gets what it cannot hold, which stays pending on the device and is not lost")
    func staysLocal() async throws {
        let service = BooleanService()
        let (first, _) = try devices(service)
        try first.mark([note(1, "mine"), edit(weekly, .subscribed, .flag(true)), saved(1)])
        #expect(try await first.sync().failure == nil)
        #expect(try first.replica.pendingCount() == 2)
        #expect(try first.replica.shown(note(1, "").key) != nil)
        #expect(try await first.sync().failure == nil)
        #expect(try first.replica.pendingCount() == 2)
    }

    @Test("that was changed elsewhere does not overwrite a star that was set here meanwhile")
    func pendingBeatsPulled() async throws {
        let service = BooleanService()
        let (first, second) = try devices(service)
        try first.mark([saved(1)])
        try await first.sync()
        try await second.sync()
        try second.mark([saved(1, false)])
        try await second.sync()
        try first.mark([saved(1, false), saved(1)])
        try await first.sync()
        #expect(try first.replica.shown(saved(1).key) == .flag(true))
        #expect(service.with { $0.starred == [article(1)] })
    }

    @Test("absence from its lists never means that a mark of ours was taken back before it got there")
    func absence() async throws {
        let service = BooleanService()
        let (first, _) = try devices(service)
        try first.mark([saved(1), read(1)])
        // The service answers, knowing nothing of the article; the marks must survive and get there.
        try await first.sync()
        #expect(service.with { $0.starred.contains(article(1)) && $0.read.contains(article(1)) })
        #expect(try first.replica.shown(saved(1).key) == .flag(true))
    }
}
