import FeedFormats
import FoundationEssentials
import Testing

@Suite("Damaged JSON Feeds")
struct JSONFeedDamageTests {
    private static let start = #"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":["#

    @Test("a document cut short anywhere gives the items that were complete, and is called damaged")
    func truncated() throws {
        let items = (0..<4).map { "{\"id\":\"\($0)\",\"title\":\"Title \($0)\",\"tags\":[\"a\",\"b\"]}" }
        let whole = Array((Self.start + items.joined(separator: ",") + "]}").utf8)
        for length in Self.start.utf8.count..<whole.count {
            let feed = try FeedParser.parse(Data(whole[..<length]), contentType: nil, baseURL: nil)
            var end = Self.start.utf8.count
            var complete = 0
            for item in items {
                end += item.utf8.count
                if end <= length { complete += 1 }
                end += 1
            }
            #expect(feed.entries.count == complete, "cut at \(length)")
            #expect(feed.warnings.map(\.code) == [.damaged], "cut at \(length)")
        }
    }

    @Test(
        "a member of the wrong type costs that member alone",
        arguments: [
            "title", "url", "external_url", "content_html", "content_text", "summary", "image", "banner_image",
            "date_published",
            "date_modified", "language", "tags", "authors", "author", "attachments",
        ])
    func wrongType(member: String) throws {
        for value in ["7", "true", "{\"a\":[1,{}]}", "[[1],{\"b\":2}]", "NaN"] {
            let isFine = (member == "authors" || member == "author" || member == "attachments") && value.hasPrefix("{")
            let feed = try Sample.json(
                "{\"id\":\"1\",\"\(member)\":\(value),\"_after\":1},{\"id\":\"2\",\"title\":\"x\"}")
            #expect(feed.entries.map(\.guid) == ["1", "2"], "\(value)")
            #expect(feed.entries.last?.headline == "x", "\(value)")
            if !isFine { #expect(feed.warnings.contains { $0.code == .badMember && $0.entry == 0 }, "\(value)") }
        }
    }

    @Test("null is no value, and no mistake")
    func null() throws {
        let feed = try Sample.json(
            #"{"id":"1","title":null,"tags":null,"authors":null,"image":null,"attachments":null}"#)
        #expect(feed.entries.count == 1)
        #expect(feed.warnings.isEmpty)
    }

    @Test("feed members of the wrong type are named")
    func wrongFeedMembers() throws {
        let feed = try Sample.json("{\"id\":\"1\"}", feed: "\"home_page_url\":[],\"description\":{},")
        #expect(feed.entries.count == 1)
        #expect(feed.warnings.map(\.code) == [.badMember, .badMember])
    }

    @Test(
        "small departures from JSON lose nothing but say damaged",
        arguments: [
            #"{"id":"1","title":"x",},{"id":"2"},"#, #"{"id":"1","title":"x"}{"id":"2"}"#,
            #"{id:"1",title:'x'},{"id":"2"}"#,
            #"{"id":"1" "title":"x"},,{"id":"2"}"#, #"/* a */{"id":"1","title":"x"},// b"# + "\n" + #"{"id":"2"}"#,
            #"{"id":"1","size":NaN,"title":"x"},{"id":"2"}"#, #"{"id":"1","title":"x"],{"id":"2"}"#,
        ])
    func sloppy(items: String) throws {
        let feed = try Sample.json(items)
        #expect(feed.entries.first?.guid == "1")
        #expect(feed.entries.first?.headline == "x")
        #expect(feed.warnings.contains { $0.code == .damaged })
        if !items.contains("],") { #expect(feed.entries.map(\.guid) == ["1", "2"]) }
    }

    @Test("a line break inside a string is kept, and called damage")
    func rawControl() throws {
        let feed = try Sample.json("{\"id\":\"1\",\"content_text\":\"a\n\nb\u{1}\"}")
        #expect(feed.entries.first?.bodyHTML == "<p>a</p><p>b</p>")
        #expect(feed.warnings.map(\.code) == [.damaged])
    }

    @Test("a member that stands there twice holds its last value, and the feed says so")
    func duplicateMember() throws {
        let feed = try Sample.json(#"{"id":"1","title":"a","title":"b"}"#)
        #expect(feed.entries.first?.headline == "b")
        #expect(feed.warnings.map(\.code) == [.badMember])
    }

    @Test("half a character becomes U+FFFD, and a pair of halves one character")
    func surrogates() throws {
        let feed = try Sample.json(#"{"id":"1","title":"a\ud800b \ud83d\ude00 \udc00"}"#)
        #expect(feed.entries.first?.headline == "a\u{FFFD}b 😀 \u{FFFD}")
        #expect(feed.warnings.map(\.code) == [.badEncoding])
    }

    @Test("escapes bring no control or bidirectional character back")
    func controls() throws {
        let entry = try Sample.jsonItem(
            #""id":"\u001b[2J1","title":"a\u0000\u001b[31m\u202eb\u2066","tags":["\u009bx"]"#)
        #expect(entry.guid == "[2J1")
        #expect(entry.headline == "a[31mb")
        #expect(entry.categories == ["x"])
    }

    @Test("values nested 100,000 deep end the parse, the items before them stay")
    func deep() throws {
        let feed = try Sample.parse(
            Self.start + #"{"id":"1"},{"id":"2","_x":"# + String(repeating: "[", count: 100_000))
        #expect(feed.entries.map(\.guid) == ["1"])
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("a number of a million digits is no size and no trouble")
    func hugeNumber() throws {
        let digits = String(repeating: "9", count: 1_000_000)
        let feed = try Sample.json(
            "{\"id\":\"1\",\"attachments\":[{\"url\":\"/a\",\"size_in_bytes\":\(digits)},{\"url\":\"/b\",\"size_in_bytes\":1e400}]}"
        )
        #expect(feed.entries.first?.enclosures.map(\.length) == [nil, nil])
    }

    @Test("items, tags and attachments are bounded, and so is text")
    func bounds() throws {
        var limits = FeedLimits()
        limits.entries = 3
        limits.perEntry = 2
        limits.textBytes = 10
        let item =
            #"{"id":"1","title":"0123456789ABC","tags":["a","b","c"],"attachments":[{"url":"/1"},{"url":"/2"},{"url":"/3"}]}"#
        let feed = try Sample.json(
            Array(repeating: item, count: 5).joined(separator: ","), feed: "\"_\":0,", limits: limits)
        #expect(feed.entries.count == 3)
        #expect(feed.entries.first?.headline == "0123456789")
        #expect(feed.entries.first?.categories == ["a", "b"])
        #expect(feed.entries.first?.enclosures.count == 2)
        #expect(feed.warnings.prefix(2).map(\.code) == [.limitReached, .limitReached])
    }

    @Test("a caller who gives up gets what there is, and a warning", arguments: [0, 1, 3])
    func cancelled(patience: Int) throws {
        let items = (0..<10).map { "{\"id\":\"\($0)\"}" }.joined(separator: ",")
        var asked = 0
        let feed = try FeedParser.parse(
            Data((Self.start + items + "]}").utf8), contentType: nil, baseURL: nil,
            isCancelled: {
                asked += 1
                return asked > patience
            })
        #expect(feed.entries.count == patience)
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("members of the feed behind too many items are still read")
    func membersBehind() throws {
        var limits = FeedLimits()
        limits.entries = 1
        let feed = try Sample.parse(
            #"{"items":[{"id":"1"},{"id":"2"}],"title":"T","version":"https://jsonfeed.org/version/1"}"#, limits: limits
        )
        #expect(feed.title == "T")
        #expect(feed.entries.count == 1)
    }
}
