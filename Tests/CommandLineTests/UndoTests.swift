import Foundation
import Testing

@Suite("Taking commands back")
struct UndoTests {
    @Test("a command of several articles is taken back whole, and done again by undoing the undo")
    func marks() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        try await device.done("save", ids[0], ids[1], ids[2])
        let text = try await device.done("undo")
        #expect(text.output.hasPrefix("took back 'save' of ") && text.output.hasSuffix(": 3 changes\n"))
        #expect(text.errors.contains("undo 2 does it again"))
        #expect(try await device.done("list", "--saved", "--json").items().isEmpty)
        try await device.done("undo", "2")
        #expect(try await device.done("list", "--saved", "--json").items().count == 3)
        let list = try await device.done("undo", "--list", "--json").items()
        #expect(list.map { $0["command"] as? String } == ["undo", "undo", "save"])
        #expect(list.map { $0["undoes"] as? Int } == [2, 1, nil])
        #expect(try await device.done("undo", "--list").output.contains("taken back by 3"))
        let log = try await device.done("log", "--json").items()
        #expect(log.last?["command"] as? String == "save" && log.last?["batch"] as? Int == 1)
        #expect(try await device.done("log").output.contains("1 save"))
    }

    @Test("opening an article is a command that can be taken back too")
    func opened() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("show", id)
        #expect(try await device.done("undo", "--json").json()["recorded"] as? Int == 1)
        #expect(try await device.done("show", id, "--peek", "--json").json()["read"] as? Bool == false)
    }

    @Test("what was synced is taken back on all devices; what another device set since is not, unless it is forced")
    func synced() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await laptop.done("sync")
        let ids = try await phone.articles()
        try await phone.done("note", ids[0], "one")
        try await phone.done("note", ids[1], "one")
        try await phone.done("sync")
        try await laptop.done("sync")
        try await laptop.done("note", ids[0], "two")
        try await laptop.done("sync")
        try await phone.done("sync")
        let refused = try await phone.run("undo", "1")
        #expect(refused.status == 2)
        #expect(refused.errors.contains(": laptop set it since") && refused.errors.contains("undo 1 --force"))
        let both = try await phone.done("undo", "--last", "2").output
        #expect(both.contains("took back 'note'") && both.contains("command 1, 'note', was not taken back"))
        #expect(try await phone.done("note", ids[0]).output == "two\n")
        try await phone.done("undo", "1", "--force")
        try await phone.done("sync")
        try await laptop.done("sync")
        for id in ids.prefix(2) { #expect(try await laptop.done("note", id).output.isEmpty) }
        #expect(try await phone.exported() == laptop.exported())
    }

    @Test("a consent is withdrawn by undo, and never given by it")
    func consent() async throws {
        let device = try await Synced.device()
        try await device.done("consent", "grant", "brandOffers", "--yes")
        try await device.done("undo")
        let item = try await device.done("consent", "--json").items()[0]
        #expect(item["given"] as? Bool == false)
        let refused = try await device.run("undo", "2", "--force")
        #expect(refused.status == 2 && refused.errors.contains("reader-sync consent grant brandOffers"))
        try await device.done("newsletters", "subscribe", "daily", "--confirm-age")
        try await device.done("newsletters", "unsubscribe", "daily")
        let again = try await device.run("undo")
        #expect(again.status == 2 && again.errors.contains("reader-sync newsletters subscribe daily"))
        #expect(try await device.done("newsletters", "--json").items()[0]["subscribed"] as? Bool == false)
    }

    @Test("undo says what it needs where there is nothing, or nothing by that number")
    func nothing() async throws {
        let device = try await Synced.device()
        let nothing = try await device.run("undo")
        #expect(nothing.status == 3 && nothing.errors.contains("nothing to take back"))
        #expect(try await device.run("undo", "7").status == 3)
        #expect(try await device.run("undo", "7", "--last", "2").status == 2)
        #expect(try await device.run("undo", "--last", "0").status == 2)
        #expect(try await device.done("undo", "--list").errors.contains("no command changed anything here yet"))
    }
}
