import FeedFormats
import Foundation
import Testing

/// (`Foundation` for the corpora and for `XMLParser`'s absence: a list we write is read back by our own parser, and
/// its form is compared as text.)
@Suite("Writing OPML")
struct OPMLWritingTests {
    private static let moment: Int64 = 1_795_501_127_000

    @Test("a list is written as OPML 2.0, with a folder for each tag")
    func form() {
        let list = SubscriptionList(
            title: "Mine",
            subscriptions: [
                Subscription(
                    title: "A & \"B\"", feedURL: "https://a.example/f?x=1&y=2", siteURL: "https://a.example/",
                    tags: ["News"]),
                Subscription(feedURL: "https://b.example/f"),
            ])
        #expect(
            String(decoding: OPML.write(list, created: Self.moment), as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <opml version="2.0">
                  <head>
                    <title>Mine</title>
                    <dateCreated>Tue, 24 Nov 2026 06:18:47 GMT</dateCreated>
                  </head>
                  <body>
                    <outline text="News" title="News">
                      <outline type="rss" text="A &amp; &quot;B&quot;" title="A &amp; &quot;B&quot;" \
                xmlUrl="https://a.example/f?x=1&amp;y=2" htmlUrl="https://a.example/"/>
                    </outline>
                    <outline type="rss" text="https://b.example/f" xmlUrl="https://b.example/f"/>
                  </body>
                </opml>

                """)
    }

    /// A list without its order, which folders with several feeds each do not keep.
    private static func unordered(_ list: SubscriptionList) -> SubscriptionList {
        var list = list
        for index in list.subscriptions.indices { list.subscriptions[index].tags.sort() }
        list.subscriptions.sort { $0.feedURL < $1.feedURL }
        return list
    }

    @Test("a folder is written once, also if feeds of others are between its own")
    func folders() throws {
        let tags = [["World"], ["Sea"], [], ["World", "Sea"], ["World"]]
        let list = SubscriptionList(
            subscriptions: tags.enumerated().map { Subscription(feedURL: "http://\($0).example/f", tags: $1) })
        let text = String(decoding: OPML.write(list, created: 0), as: UTF8.self)
        #expect(text.components(separatedBy: "<outline text=\"World\"").count == 2, "\(text)")
        #expect(text.components(separatedBy: "<outline text=\"Sea\"").count == 2, "\(text)")
        #expect(try Self.unordered(OPML.parse(Data(text.utf8))) == Self.unordered(list))
    }

    @Test("several tags, and names with commas and slashes come back as they were")
    func roundTrip() throws {
        let list = SubscriptionList(
            title: "L <1>",
            subscriptions: [
                Subscription(title: "A", feedURL: "http://a.example/f", tags: ["X, Y", "b/c"]),
                Subscription(title: "B", feedURL: "http://b.example/f", tags: ["X, Y", "b/c"]),
                Subscription(title: "", feedURL: "http://c.example/f", description: "It's \"good\"", language: "de"),
                Subscription(title: "http://d.example/f", feedURL: "http://d.example/f", tags: ["b/c", "X, Y"]),
                Subscription(title: "E", feedURL: "http://e.example/f", siteURL: "http://e.example/", tags: ["X, Y"]),
            ])
        #expect(try Self.unordered(OPML.parse(OPML.write(list, created: Self.moment))) == Self.unordered(list))
    }

    @Test("whatever was read of any list of the corpora comes back when it is written", .enabled(if: Corpora.isPresent))
    func corpusRoundTrip() throws {
        for file in Corpora.files("opml", extension: "opml") {
            guard var list = try? OPML.parse(Data(contentsOf: file)) else { continue }
            list.warnings = []
            #expect(
                try Self.unordered(OPML.parse(OPML.write(list, created: Self.moment))) == Self.unordered(list),
                "\(file.lastPathComponent)")
        }
    }

    @Test("characters that XML forbids are left out, so that the list stays well-formed")
    func controls() throws {
        let list = SubscriptionList(
            title: "a\u{0}\u{1B}",
            subscriptions: [Subscription(title: "x\u{FFFE}\u{FFFF}\u{1}y", feedURL: "http://a.example/f")])
        let read = try OPML.parse(OPML.write(list, created: 0))
        #expect(read.title == "a")
        #expect(read.subscriptions.map(\.title) == ["xy"])
        #expect(read.warnings.isEmpty)
    }

    @Test("the longest names a list can have, all of them to be escaped, come back")
    func longNames() throws {
        let quotes = String(repeating: "&quot;", count: 10_000)
        let list = try OPMLTests.body(
            "<outline text=\"\(quotes)\" description=\"\(quotes)\" xmlUrl=\"http://a.example/f\"/>")
        #expect(list.subscriptions.first?.title.utf8.count == 4096)
        #expect(try OPML.parse(OPML.write(list, created: 0)).subscriptions == list.subscriptions)
    }

    @Test(
        "the date is RFC 822's, and left out where no reader could take it",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"), (Int64.min, nil), (Int64.max, nil),
        ] as [(Int64, String?)])
    func date(moment: Int64, text: String?) {
        let written = String(decoding: OPML.write(SubscriptionList(), created: moment), as: UTF8.self)
        #expect(written.contains("<dateCreated>") == (text != nil))
        if let text {
            #expect(written.contains("<dateCreated>\(text)</dateCreated>"))
            #expect(FeedDate.parse(text)?.milliseconds == moment - (moment < 0 ? 999 : 0))
        }
    }
}
