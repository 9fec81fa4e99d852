import Foundation
import Testing

@Suite("Articles that were corrected, and those that others name")
struct UpdatedTests {
    /// A server with two articles, of which the first names the second, one that is nowhere, and is for subscribers.
    private struct Magazine {
        let server: Server
        let folder: TemporaryFolder

        init() async throws {
            server = try await Server.start()
            folder = try TemporaryFolder()
        }

        func publish(headline: String, body: String) async throws {
            let text = """
                <?xml version="1.0" encoding="UTF-8"?>
                <rss version="2.0" xmlns:rs="urn:reader-sync:article:1"><channel><title>Tides</title>
                <item><title>\(headline)</title><link>https://tides.example/first</link>
                <guid isPermaLink="true">https://tides.example/first</guid>
                <pubDate>02 Nov 2026 08:00:00 +0000</pubDate><rs:access>subscriber</rs:access>
                <rs:related>https://tides.example/second</rs:related>
                <rs:related>https://tides.example/nowhere</rs:related>
                <description>&lt;p&gt;\(body)&lt;/p&gt;&lt;p&gt;The last paragraph stays.&lt;/p&gt;</description></item>
                <item><title>The Second</title><link>https://tides.example/second</link>
                <guid isPermaLink="true">https://tides.example/second</guid>
                <pubDate>01 Nov 2026 08:00:00 +0000</pubDate><description>&lt;p&gt;Other.&lt;/p&gt;</description></item>
                </channel></rss>
                """
            try text.write(toFile: folder.path + "/tides.xml", atomically: true, encoding: .utf8)
            try await server.administer(
                "ingest", folder.path + "/tides.xml", "--publication", "tides", "--feed", "tides")
        }
    }

    @Test("which words changed since an article was read is shown, until it is opened again")
    func changes() async throws {
        let magazine = try await Magazine()
        try await magazine.publish(headline: "The Low Tide", body: "At noon the water fell by three metres.")
        let device = try await Device.loggedIn(to: magazine.server, magazine.server.tokens[0])
        try await device.done("sync")
        let url = "https://tides.example/first"
        let unread = try await device.done("show", url, "--changes")
        #expect(unread.output.isEmpty && unread.errors.contains("you have not read it yet"))
        try await device.done("show", url)
        #expect(try await device.done("show", url, "--changes").output.hasPrefix("not corrected since you read it"))
        #expect(try await device.done("list", "--updated", "--json").items().isEmpty)

        try await magazine.publish(headline: "The High Tide", body: "At noon the water rose by three metres.")
        try await device.done("sync")
        #expect(try await device.done("list", "--updated", "--json").items().count == 1)
        let text = try await device.done("show", url, "--changes").output
        #expect(text.contains("revision 1 → 2"))
        #expect(text.contains("The [-Low-]{+High+} Tide"))
        #expect(text.contains("At noon the water [-fell-]{+rose+} by three metres."))
        let json = try await device.done("show", url, "--changes", "--json").json()
        #expect(json["changed"] as? Bool == true && json["readRevision"] as? Int == 1)
        let changes = try #require(json["changes"] as? [String: [[String: Any]]])
        #expect(changes["headline"]?.map { $0["kind"] as? String } == ["kept", "removed", "added", "kept"])
        #expect(try await device.done("show", url, "--peek").output.contains("corrected since you read it"))
        #expect(try await device.done("list", "--updated", "--json").items().count == 1)
        try await device.done("show", url)
        #expect(try await device.done("list", "--updated", "--json").items().isEmpty)
        #expect(try await device.run("show", url, "--changes", "--html").status == 2)
    }

    @Test("related articles are named by id and headline and followed offline; those not held are said so")
    func related() async throws {
        let magazine = try await Magazine()
        try await magazine.publish(headline: "The Low Tide", body: "Low.")
        let device = try await Device.loggedIn(to: magazine.server, magazine.server.tokens[0])
        try await device.done("sync")
        magazine.server.stop()
        let url = "https://tides.example/first"
        let text = try await device.done("show", url, "--peek").output
        let second = try #require(
            try await device.done("show", "https://tides.example/second", "--peek", "--json").json()["shortId"]
                as? String)
        #expect(text.contains("related 1: \(second) The Second\n"))
        #expect(text.contains("related 2: https://tides.example/nowhere (not held here)\n"))
        #expect(try await device.done("show", url, "--related", "1").output.contains("The Second"))
        #expect(try await device.done("show", second, "--peek", "--json").json()["read"] as? Bool == true)
        let missing = try await device.run("show", url, "--related", "2")
        #expect(missing.status == 3 && missing.errors.contains("https://tides.example/nowhere"))
        #expect(try await device.run("show", url, "--related", "3").status == 3)
        #expect(try await device.run("show", second, "--related", "1").errors.contains("it names none"))
        #expect(text.contains("for subscribers"))
        let list = try await device.done("list", "--feed", "tides").output.split(separator: "\n")
        #expect(list.map { $0.contains("$") } == [true, false])
    }
}
