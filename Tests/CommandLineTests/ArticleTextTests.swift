import Foundation
import Testing

@Suite("The text of an article on the command line")
struct ArticleTextTests {
    /// A device with a feed of one item.
    private func device(_ item: String) async throws -> (Device, FeedHost) {
        let host = try FeedHost()
        host.publish(
            "/feed",
            feed: """
                <?xml version="1.0"?><rss version="2.0"><channel><title>Notes</title><link>http://notes.example/</link>
                <description>x</description><item><guid isPermaLink="false">1</guid>\(item)</item></channel></rss>
                """)
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        return (device, host)
    }

    private func shown(_ device: Device) async throws -> [String] {
        let id = try #require(try await device.articles().first)
        return try await device.done("show", "--peek", id).output.split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    @Test("code, lists within lists and notes keep their blanks")
    func indentation() async throws {
        let (device, _) = try await device(
            """
            <title>Code</title><description><![CDATA[<p>See:</p><pre>def f(x):
                if x:
                    return   1</pre><ul><li>one<ul><li>nested</li></ul></li></ul>]]></description>
            """)
        let id = try #require(try await device.articles().first)
        try await device.done("note", id, "plan:\n    first\n\tthen")
        let lines = try await shown(device)
        for line in [
            "def f(x):", "    if x:", "        return   1", "- one", "  - nested", "      first", "      then",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test("a word is found within Chinese and Japanese text, and a help page says how words are found")
    func search() async throws {
        let (device, _) = try await device(
            "<title>漢字の見出しは</title><description>&lt;p&gt;日本語の本文&lt;/p&gt;</description>")
        for words in ["日本語", "見出し", "本文"] {
            let outcome = try await device.done("search", words)
            #expect(outcome.output.contains("漢字の見出しは"))
        }
        #expect(try await device.done("search", "日文").output.isEmpty)
        #expect(try await device.done("search", "--help").output.contains("librar*"))
    }

    @Test("an article without a title is called by its first words everywhere, and its text is shown once")
    func untitled() async throws {
        let (device, _) = try await device(
            """
            <description>&lt;p&gt;At noon the water fell by three metres, and the boats in the harbour lay on their \
            sides.&lt;/p&gt;&lt;p&gt;Nobody saw it.&lt;/p&gt;</description>
            """
        )
        let id = try #require(try await device.articles().first)
        let title = "At noon the water fell by three metres, and the"
        #expect(try await device.done("list").output.contains(title))
        #expect(try await device.done("search", "nobody").output.contains(title))
        let lines = try await shown(device)
        #expect(lines.first?.hasPrefix("At noon") == true)
        #expect(lines.count { $0.contains("Nobody saw it") } == 1)
        try await device.done("save", id)
        #expect(try await device.done("log").output.contains(title))
        let page = device.folder.path + "/x.html"
        try await device.done("export", "--html", page)
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("<h1>At noon") && !html.contains("standfirst\""))
    }

    @Test("no line is broken that goes into a pipe, and no address on a terminal")
    func addresses() async throws {
        let address = "https://notes.example/" + String(repeating: "abcdefghi/", count: 30) + "end"
        let text = String(repeating: "water ", count: 40)
        let (device, _) = try await device(
            "<title>Link</title><description>&lt;p&gt;\(text)&lt;a href='\(address)'&gt;here&lt;/a&gt;&lt;/p&gt;</description>"
        )
        let lines = try await shown(device)
        #expect(lines.contains("[1] " + address) && lines.contains { $0.hasPrefix(text) })
        let id = try #require(try await device.articles().first)
        let screen = try await PseudoTerminal.run(
            ["show", "--peek", id], device, ["NO_COLOR": "1"], columns: 60, turns: []
        ).output
        #expect(screen.contains(address))
        #expect(screen.split(separator: "\r\n").allSatisfy { $0.count <= 60 || $0.contains("://") })
    }

    @Test("a headline of any length takes one line of what a search found, and of what else was possible")
    func longHeadlines() async throws {
        let headline = String(repeating: "harbour ", count: 120)
        let (device, _) = try await device("<title>\(headline)</title><description>Fish.</description>")
        let screen = try await PseudoTerminal.run(
            ["search", "fish"], device, ["NO_COLOR": "1"], columns: 60, turns: []
        ).output
        #expect(screen.contains("harbour") && screen.split(separator: "\r\n").allSatisfy { $0.count <= 60 })
        let id = try #require(try await device.articles().first)
        let mistyped = String(id.prefix(6)) + (id.dropFirst(6).first == "0" ? "1" : "0")
        let errors = try await device.run("save", mistyped).errors
        #expect(errors.contains("harbour") && errors.split(separator: "\n").allSatisfy { $0.count < 120 })
    }
}
