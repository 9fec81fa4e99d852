import Foundation
import Testing

@Suite("A sync that would turn over many marks")
struct FlipTests {
    @Test("it is held and ends with 8, is shown by a dry run, and applied when asked")
    func held() async throws {
        let server = try await Server.start()
        let folder = try TemporaryFolder()
        let items = (0..<620).map { index in
            "<item><title>Story \(index)</title><link>https://long.example/\(index)</link>"
                + "<guid isPermaLink=\"true\">https://long.example/\(index)</guid>"
                + "<pubDate>01 Nov 2026 08:00:00 +0000</pubDate><description>Text</description></item>"
        }
        try "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Long</title>\(items.joined())</channel></rss>"
            .write(toFile: folder.path + "/long.xml", atomically: true, encoding: .utf8)
        try await server.administer("ingest", folder.path + "/long.xml", "--publication", "long", "--feed", "long")
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await phone.done("read", "--all")
        try await phone.done("sync")
        try await laptop.done("sync")
        // A mishap of one command.
        try await phone.done("undo")
        try await phone.done("sync")
        let id = try await laptop.articles()[0]
        try await laptop.done("save", id)
        // It never heard what the phone is called.
        try SQLiteFile.execute("UPDATE replica SET account_version = NULL; DELETE FROM device", laptop.replica)

        let dry = try await laptop.done("sync", "--dry-run")
        #expect(dry.output.contains("would turn over 632 of 633 marks") && dry.output.contains("632 read → unread"))
        #expect(dry.errors.contains("sync --apply-flips"))
        let outcome = try await laptop.run("sync")
        #expect(outcome.status == 8)
        #expect(!outcome.output.contains("nothing new"))
        let waiting = try await laptop.done("status").output
        #expect(waiting.contains("held back     changes of other devices that would turn over 632 marks"))
        #expect(waiting.contains("→ reader-sync sync --dry-run"))
        #expect(outcome.errors.contains("would turn over 632 of your 633 marks; nothing that came was applied"))
        #expect(outcome.errors.contains("phone: 632 read → unread"))
        #expect(outcome.errors.contains("sync --dry-run") && outcome.errors.contains("sync --apply-flips"))
        let json = try await laptop.run("sync", "--json")
        #expect(json.status == 8)
        #expect((try json.json()["held"] as? [String: Any])?["total"] as? Int == 632)
        let held = try #require(try json.json()["held"] as? [String: Any])
        #expect((held["devices"] as? [[String: Any]])?.first?["device"] as? String == "phone")
        #expect(try json.json()["complete"] as? Bool == false)
        #expect(try await laptop.done("list", "--unread", "--json").items().isEmpty)
        // What was done here went out all the same.
        try await phone.done("sync")
        #expect(try await phone.done("list", "--saved", "--json").items().count == 1)
        try await laptop.done("sync", "--apply-flips")
        #expect(try await laptop.done("status", "--json").json()["heldBack"] as? Int == 0)
        try await phone.done("sync")
        #expect(try await laptop.exported() == phone.exported())
        try await laptop.done("sync")
    }
}
