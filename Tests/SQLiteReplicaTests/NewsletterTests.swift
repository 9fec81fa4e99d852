import GRDB
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite("Newsletters of a replica") struct NewsletterTests: OnOneDevice {
    let device: OneDevice
    let server = TinyServer()

    init() throws {
        device = try OneDevice()
        try take(try library())
    }

    private func take(_ library: Library, _ deliveries: [EntityName: Account.Delivery] = [:]) throws {
        var reply = ExchangeReply(time: at(0), entries: [], cursor: try replica.syncState().cursor)
        reply.library = library
        reply.account = Account(version: "a", name: "Reader", deliveries: deliveries)
        _ = try replica.apply(reply, at: at(0))
    }

    /// The library without any newsletter.
    private func without(_ version: String = "l2") throws -> Library {
        var library = try library()
        (library.version, library.newsletters) = (version, [])
        return library
    }

    private func subscribe(_ wants: Bool, to id: String = "daily", at now: WallTime) throws {
        let key = try #require(RegisterKey(.newsletter(try name(id)), .subscribed))
        _ = try replica.record([Edit(key, .flag(wants))], at: now)
    }

    @Test("one that has ended is shown while the reader is subscribed, by the title it had, and not as on offer")
    func ended() throws {
        #expect(try replica.newsletters().map(\.isOffered) == [true])
        try subscribe(true, at: at(1))
        try replica.sync(with: server, at: at(2))
        try take(try without())
        let newsletter = try #require(try replica.newsletters().first)
        #expect(!newsletter.isOffered && newsletter.isSubscribed && !newsletter.isPending)
        #expect(newsletter.newsletter.title == "Daily" && newsletter.delivery == nil)
    }

    @Test("unsubscribing from one that has ended is shown until it is sent, and then the newsletter is no more")
    func unsubscribing() throws {
        try subscribe(true, at: at(1))
        try replica.sync(with: server, at: at(2))
        try take(try without())
        try subscribe(false, at: at(3))
        let newsletter = try #require(try replica.newsletters().first)
        #expect(!newsletter.isSubscribed && newsletter.isPending)
        try replica.sync(with: server, at: at(4))
        #expect(try replica.newsletters().isEmpty)
        #expect(server.entries.last?.change.value == .flag(false))
    }

    @Test("one that has ended is not shown to a reader who never wanted it")
    func neverWanted() throws {
        try take(try without())
        #expect(try replica.newsletters().isEmpty)
    }

    @Test("a subscription made elsewhere to one that this replica never saw on offer is shown by its id")
    func neverSeen() throws {
        try take(try without())
        try subscribe(true, to: "nightly", at: at(1))
        let newsletter = try #require(try replica.newsletters().first)
        #expect(newsletter.newsletter.id.text == "nightly" && newsletter.newsletter.title == "nightly")
        #expect(newsletter.isSubscribed && !newsletter.isOffered)
    }

    @Test("one that comes back is on offer, and the reader stands with it as before")
    func comesBack() throws {
        try subscribe(true, at: at(1))
        try replica.sync(with: server, at: at(2))
        try take(try without())
        var again = try library()
        again.version = "l3"
        try take(again, [try name("daily"): .active])
        let newsletter = try #require(try replica.newsletters().first)
        #expect(newsletter.isOffered && newsletter.isSubscribed && newsletter.delivery == .active)
        #expect(newsletter.newsletter.cadences.count == 2)
        try take(try without("l4"))
        try take(again, [try name("daily"): .active])
        #expect(try replica.newsletters() == [newsletter])
    }

    @Test("titles of ended newsletters are kept only where the reader ever said something of them")
    func forgets() throws {
        var two = try library()
        two.version = "two"
        two.newsletters.append(Newsletter(id: try name("other"), title: "Other", summary: "", cadences: []))
        try take(two)
        try subscribe(true, at: at(1))
        try take(try without())
        let held = try DatabaseQueue(path: folder.file()).read {
            try String.fetchAll($0, sql: "SELECT name FROM newsletter")
        }
        #expect(held == ["daily"])
    }
}
