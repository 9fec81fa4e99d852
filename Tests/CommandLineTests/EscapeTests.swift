import Foundation
import Testing

/// Nothing from a feed can send an escape sequence to the terminal, through any command.
@Suite("Text from feeds is harmless in every command")
struct EscapeTests {
    /// A feed whose every text tries: raw C1 controls, references to them, bidirectional overrides, OSC and CSI.
    private static func hostile(_ host: FeedHost) -> String {
        let evil = "x&#x9b;31m&#x9d;0;owned&#x9c;\u{202E}gnp\u{2066}&#x85;&#xad;y"
        return """
            <?xml version="1.0"?><rss version="2.0" xmlns:rs="urn:reader-sync:article:1"
              xmlns:media="http://search.yahoo.com/mrss/">
            <channel><title>\(evil) title</title><link>http://evil.example/</link><description>\(evil)</description>
            <language>en\(evil)</language>
            <item><title>\(evil) headline</title><guid isPermaLink="false">\(evil)guid</guid>
            <link>http://evil.example/\(evil)</link><author>\(evil)</author><category>\(evil)</category>
            <pubDate>\(evil)</pubDate><rs:kicker>\(evil)</rs:kicker><rs:standfirst>\(evil)</rs:standfirst>
            <rs:section>\(evil)</rs:section><rs:author name="\(evil)" url="http://e.example/\(evil)" bio="\(evil)"/>
            <media:content url="http://e.example/\(evil).png" medium="image"><media:description>\(evil)</media:description>
            <media:credit>\(evil)</media:credit></media:content>
            <enclosure url="http://e.example/\(evil).mp3" type="audio/\(evil)" length="1"/>
            <description>&lt;p title="\(evil)"&gt;\(evil) &amp;#27;[31m &amp;#x9b;2J &lt;a href="http://e.example/\(evil)"&gt;\(evil)&lt;/a&gt;&lt;/p&gt;</description>
            </item></channel></rss>
            """
    }

    private static func offending(_ text: String) -> [String] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A: false
            case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F: true
            default: false
            }
        }.map { String($0.value, radix: 16) }
    }

    @Test("no command prints a control character from a feed, as lines or as JSON")
    func everyCommand() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: Self.hostile(host))
        let device = try Device()
        var outcomes: [(String, Outcome)] = []
        func note(_ arguments: String...) async throws {
            for extra in [[], ["--json"]] {
                let words = arguments + extra
                let outcome = try await run(
                    .client, words, in: device.folder.path, environment: device.environment)
                outcomes.append((words.joined(separator: " "), outcome))
            }
        }
        try await note("add", host.url + "/feed")
        let id = try #require(try await device.articles().first)
        let feed = try #require(try await device.done("feeds", "--json").items().first?["id"] as? String)
        try await note("feeds", "check", host.url + "/feed")
        try await note("feeds")
        try await note("feeds", "export")
        try await note("feeds", "edit", feed, "--tag", "t")
        try await note("list")
        try await note("list", "--feed", feed)
        try await note("show", id)
        try await note("search", "headline")
        try await note("read", id)
        try await note("unread", id)
        try await note("save", id)
        try await note("unsave", id)
        try await note("progress", id, "50%")
        try await note("tag", "harbour", id)
        try await note("untag", "harbour", id)
        try await note("note", id, "mine")
        try await note("note", id)
        try await note("log")
        try await note("conflicts", "list", "--all")
        try await note("set-aside")
        try await note("status")
        try await note("newsletters")
        try await note("consent")
        host.publish("/feed", feed: Self.hostile(host).replacingOccurrences(of: " headline", with: " second headline"))
        try await note("sync")
        try await note("show", id, "--revisions")
        host.publish("/feed", .init(body: "", status: "500 \u{9B}31mred\u{9D}0;x"))
        try await note("sync")
        try await note("feeds", "remove", feed)
        for (command, outcome) in outcomes {
            #expect(Self.offending(outcome.output).isEmpty, "\(command): \(Self.offending(outcome.output))")
            #expect(Self.offending(outcome.errors).isEmpty, "\(command): \(Self.offending(outcome.errors))")
        }
        #expect(outcomes.contains { $0.1.output.contains("second headline") })
    }
}
