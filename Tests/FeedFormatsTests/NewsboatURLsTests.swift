import Foundation
import Testing

@testable import FeedFormats

@Suite("newsboat's list of feeds")
struct NewsboatURLsTests {
    private let text = """
        # mine

        https://a.example/feed.xml news "big news" "~The \\"A\\" Paper"
          http://b.example/rss !
        https://a.example/feed.xml again
        "query:Unread:unread = \\"yes\\""
        exec:~/bin/feed.sh
        file:///etc/passwd
        """

    @Test("has addresses, tags and names; what newsboat makes itself is left out with a warning")
    func parse() {
        let list = NewsboatURLs.parse(Data(text.utf8))
        #expect(list.subscriptions.map(\.feedURL) == ["https://a.example/feed.xml", "http://b.example/rss"])
        #expect(list.subscriptions[0].tags == ["news", "big news"] && list.subscriptions[0].title == "The \"A\" Paper")
        #expect(list.subscriptions[1].tags.isEmpty)
        #expect(list.warnings.map(\.message) == (6...8).map { "line \($0) is no feed that can be fetched" })
    }

    @Test("is told from OPML by its first line that says something")
    func kind() {
        #expect(NewsboatURLs.isList(Data(text.utf8)))
        #expect(!NewsboatURLs.isList(Data("<?xml version=\"1.0\"?><opml/>".utf8)))
        #expect(!NewsboatURLs.isList(Data("words".utf8)) && !NewsboatURLs.isList(Data()))
    }

    @Test("stops at the limit, and says so")
    func limit() {
        var limits = FeedLimits.default
        limits.subscriptions = 2
        let list = NewsboatURLs.parse(
            Data((1...5).map { "https://a.example/\($0)" }.joined(separator: "\n").utf8), limits: limits)
        #expect(list.subscriptions.count == 2 && list.warnings.map(\.code) == [.limitReached])
    }
}
