import SQLiteReplica
import SyncCore
import SyncSession
import SyncTestKit
import Testing

/// A pull that turns over many marks is shown before it is applied (DESIGN.md §3).
@Suite("Pulls that turn over many marks")
struct FlipTests {
    let remote = ModelRemote()
    let phone: Device
    let laptop: Device

    init() throws {
        phone = try Device(1, remote: remote)
        laptop = try Device(2, remote: remote)
    }

    private func read(_ numbers: Range<Int>, _ isRead: Bool) -> [Edit] {
        numbers.map { edit(.article(article($0)), .read, .read(isRead, by: .bulk)) }
    }

    /// Both devices hold that 1,000 articles are read; the phone then says that some are not.
    private func turnOver(_ count: Int) async throws {
        try phone.mark(read(0..<1_000, true))
        try await phone.sync()
        try await laptop.sync()
        try phone.mark(read(0..<count, false))
        try await phone.sync()
    }

    private var applying: ClientSession.Options {
        var options = ClientSession.Options()
        options.appliesFlips = true
        return options
    }

    @Test("beyond the limit nothing of a pull of many pages is applied, what is pending is sent, and nothing is lost")
    func held() async throws {
        try await turnOver(600)
        try laptop.mark([saved(2_000), note(0, "sent all the same")])
        let before = try laptop.state
        let cursor = try laptop.replica.syncState().cursor
        let report = try await laptop.sync()
        let held = try #require(report.held)
        #expect(held.total == 600 && held.marks == 1_001 && held.devices.map(\.toUnread) == [600])
        #expect(held.devices.map(\.replica) == [try phone.replica.syncState().replica])
        #expect(report.failure == nil && report.state == StateSummary())
        #expect(try laptop.state == before)
        #expect(try laptop.replica.syncState().cursor == cursor)
        try await phone.sync()
        #expect(try phone.replica.shown(note(0, "").key) == .note("sent all the same", base: ""))
        // Held as long as nobody says otherwise, and then applied whole.
        #expect(try await laptop.sync().held?.total == 600)
        let applied = try await laptop.sync(options: applying)
        #expect(applied.held == nil && applied.state.received == 600)
        try await phone.sync()
        #expect(try laptop.state == phone.state)
        #expect(try laptop.replica.pendingCount() == 0)
        #expect(try await laptop.sync().held == nil)
    }

    @Test("500 marks are turned over unasked, and any number that is no more than a quarter", arguments: [500, 501])
    func limit(_ count: Int) async throws {
        try await turnOver(count)
        #expect(try await (laptop.sync().held != nil) == (count > 500))
    }

    @Test("a quarter of many marks is turned over unasked, in one transaction")
    func quarter() async throws {
        try phone.mark(read(0..<2_400, true))
        try await phone.sync()
        try await laptop.sync()
        try phone.mark(read(0..<600, false))
        try await phone.sync()
        #expect(try await laptop.sync().state.received == 600)
        #expect(try laptop.state == phone.state)
    }

    @Test("what was said of nothing before turns nothing over: a new device takes in everything")
    func newMarks() async throws {
        try phone.mark(read(0..<1_500, true))
        try laptop.mark(read(5_000..<5_600, true))
        try await phone.sync()
        let report = try await laptop.sync()
        #expect(report.held == nil && report.state.received == 1_500)
        try await phone.sync()
        #expect(try laptop.state == phone.state)
    }

    @Test("more changes than fit into one request are all sent while a pull is held")
    func pushesMany() async throws {
        try await turnOver(700)
        try laptop.mark((3_000..<4_300).map { saved($0) })
        #expect(try await laptop.sync().held != nil)
        try await phone.sync()
        #expect(try phone.state.contains(article(4_299).description))
    }
}
