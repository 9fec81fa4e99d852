import Foundation
import Testing

@Suite("Feeds without a server")
struct FeedTests {
    private let two = [("a1", "Tide Tables"), ("a2", "Pilot Boats")]

    /// A site with a feed of two articles, and a device that reads it.
    private func subscribed() async throws -> (FeedHost, Device) {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss(two))
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        return (host, device)
    }

    @Test("a first command adds a feed, makes the replica and lists its articles")
    func first() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss(two))
        let device = try Device()
        let outcome = try await device.done("add", host.url + "/feed")
        #expect(outcome.output.contains("The Harbour Post") && outcome.output.contains("2 articles"))
        let headlines = try await device.done("list", "--json").items().compactMap { $0["headline"] as? String }
        #expect(Set(headlines) == ["Tide Tables", "Pilot Boats"])
    }

    @Test("a page that names one feed leads to it")
    func discovery() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss(two))
        host.publish(
            "/",
            .init(
                body: "<html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>",
                type: "text/html"))
        let device = try Device()
        let feed = try await device.done("add", host.url + "/", "--json").json()["feed"] as? [String: Any]
        #expect(feed?["url"] as? String == host.url + "/feed")
    }

    @Test("a page that names several feeds says which there are, and adds none")
    func choices() async throws {
        let host = try FeedHost()
        let links = ["/world", "/sport"].map { path in
            "<link rel=alternate type=application/rss+xml title=\(path.dropFirst()) href=\(path)>"
        }
        host.publish("/", .init(body: "<html><head>\(links.joined())</head></html>", type: "text/html"))
        let device = try Device()
        let outcome = try await device.run("add", host.url + "/", "--json")
        #expect(outcome.status == 3)
        #expect(try outcome.error()["candidates"] as? [String] == [host.url + "/world", host.url + "/sport"])
    }

    @Test("a sync asks with the validator, and a feed that did not change costs one small answer")
    func notModified() async throws {
        let (host, device) = try await subscribed()
        let feeds = try await device.done("sync", "--json").json()["feeds"] as? [String: Any]
        #expect(feeds?["unchanged"] as? Int == 1)
        #expect(host.requests.count == 2 && host.requests[1].contains("If-None-Match"))
    }

    @Test("a corrected article keeps its read mark and shows as corrected")
    func correction() async throws {
        let (host, device) = try await subscribed()
        try await device.done("read", try await device.articles()[0])
        let before = try await device.done("list", "--json").items()
        host.publish("/feed", feed: host.rss([("a1", "Tide Tables, Corrected"), ("a2", "Pilot Boats, Corrected")]))
        let feeds = try await device.done("sync", "--json").json()["feeds"] as? [String: Any]
        #expect(feeds?["corrected"] as? Int == 2 && feeds?["newArticles"] as? Int == 0)
        let after = try await device.done("list", "--json").items()
        #expect(after.map { $0["id"] as? String } == before.map { $0["id"] as? String })
        #expect(after.map { $0["read"] as? Bool } == before.map { $0["read"] as? Bool })
        #expect(after.contains { $0["correctedSinceRead"] as? Bool == true })
    }

    @Test("what is no longer in the feed stays readable")
    func fallenOut() async throws {
        let (host, device) = try await subscribed()
        host.publish("/feed", feed: host.rss([("a3", "New Pier")]))
        try await device.done("sync")
        #expect(try await device.articles().count == 3)
    }

    @Test("a feed that is down stops no other, and is named")
    func partialFailure() async throws {
        let host = try FeedHost()
        host.publish("/one", feed: host.rss(two))
        host.publish("/two", feed: host.rss([("b1", "Lock Keepers")], title: "Canals"))
        let device = try Device()
        try await device.done("add", host.url + "/one")
        try await device.done("add", host.url + "/two")
        host.publish("/one", .init(body: "", status: "500 Internal Server Error"))
        host.publish("/two", feed: host.rss([("b2", "Sluices")], title: "Canals"))
        let outcome = try await device.done("sync")
        #expect(outcome.output.contains("1 new article") && outcome.output.contains("1 failed"))
        #expect(outcome.errors.contains("The Harbour Post") && outcome.errors.contains("500"))
        let listed = try await device.done("feeds", "--json").items()
        let problems = listed.compactMap { ($0["direct"] as? [String: Any])?["problem"] as? String }
        #expect(problems.count == 1)
    }

    @Test("without a network everything stays readable, and sync says offline with status 4")
    func offline() async throws {
        let (host, device) = try await subscribed()
        host.stop()
        let outcome = try await device.run("sync")
        #expect(outcome.status == 4)
        #expect(try await device.articles().count == 2)
    }

    @Test("a feed that says it is gone is not asked again")
    func gone() async throws {
        let (host, device) = try await subscribed()
        host.publish("/feed", .init(body: "", status: "410 Gone"))
        _ = try await device.run("sync")
        let asked = host.requests.count
        _ = try await device.run("sync")
        #expect(host.requests.count == asked)
        let feed = try #require(try await device.done("feeds", "--json").items().first)
        #expect((feed["direct"] as? [String: Any])?["gone"] as? Bool == true)
    }

    @Test("the same feed is added once")
    func twice() async throws {
        let (host, device) = try await subscribed()
        #expect(try await device.done("add", host.url + "/feed", "--json").json()["added"] as? Bool == false)
        #expect(try await device.done("feeds", "--json").items().count == 1)
    }

    @Test("an advertisement of the publisher is kept but not listed")
    func promotion() async throws {
        let host = try FeedHost()
        let offer = """
            <item><title>Subscribe now: three months for the price of one</title><guid isPermaLink="false">promo</guid>
            <link>http://harbour.example/subscribe?offer=3</link><category>Promotion</category>
            <description>Get unlimited access with a subscription.</description></item>
            """
        host.publish("/feed", feed: host.rss(two, extra: offer))
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        #expect(try await device.articles().count == 2)
        let hidden = try await device.done("list", "--promotions", "--json").items()
        #expect(hidden.compactMap { $0["headline"] as? String }.contains { $0.hasPrefix("Subscribe now") })
        #expect(hidden.count == 1)
    }

    @Test("marks made without a server go to one that is added later")
    func serverLater() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss(two))
        let server = try await Server.start()
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        let article = try await device.articles()[0]
        try await device.done("save", article)
        try await device.done("login", server.url, environment: ["READER_SYNC_TOKEN": server.tokens[0]])
        #expect(try await device.done("sync", "--json").json()["sent"] as? Int == 1)
        let other = try Device()
        try await other.done("add", host.url + "/feed")
        try await other.done("login", server.url, environment: ["READER_SYNC_TOKEN": server.tokens[1]])
        try await other.done("sync")
        let saved = try await other.done("list", "--saved", "--json").items()
        #expect(saved.map { $0["id"] as? String } == [article])
        // The server's own articles came too, and the feed stays beside them.
        #expect(try await other.done("feeds", "--json").items().count == 2)
    }

    @Test("feeds go out as OPML and come in elsewhere, folders and all")
    func subscriptionLists() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss(two))
        let device = try Device()
        try await device.done("add", host.url + "/feed", "--tag", "Ships & Sea", "--title", "My <Harbour>")
        let list = try await device.done("feeds", "export").output
        let other = try Device()
        #expect(try await other.done("feeds", "import", "-", "--json", input: list).json()["added"] as? Int == 1)
        try await other.done("sync")
        let feed = try #require(try await other.done("feeds", "--json").items().first)
        #expect(feed["title"] as? String == "My <Harbour>" && feed["articles"] as? Int == 2)
        #expect(try await other.done("list", "--folder", "Ships & Sea", "--json").items().count == 2)
        let lines = { (text: String) in text.split(separator: "\n").filter { !$0.contains("dateCreated") } }
        #expect(lines(try await other.done("feeds", "export").output) == lines(list))
    }

    @Test("a feed that is known is put in the folders of a list that comes in, and keeps its own")
    func importedFolders() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss(two))
        let device = try Device()
        try await device.done("add", host.url + "/feed", "--tag", "Sea", "--title", "Mine")
        let list = """
            <opml version='2.0'><body><outline text='World'>
            <outline text='Theirs' type='rss' xmlUrl='\(host.url)/feed'/></outline></body></opml>
            """
        let outcome = try await device.done("feeds", "import", "-", input: list)
        #expect(outcome.output == "0 feeds added, 1 known already, 1 of them put in more folders\n")
        for folder in ["Sea", "World"] {
            #expect(try await device.done("list", "--folder", folder, "--json").items().count == 2)
        }
        #expect(try await device.done("feeds", "--json").items().first?["title"] as? String == "Mine")
        #expect(try await device.done("feeds", "import", "-", "--json", input: list).json()["tagged"] as? Int == 0)
    }

    @Test("adding a feed again takes on the title and the folder that are given")
    func addedAgain() async throws {
        let (host, device) = try await subscribed()
        try await device.done("add", host.url + "/feed", "--title", "Mine", "--tag", "Sea")
        let feed = try #require(try await device.done("feeds", "--json").items().first)
        #expect(feed["title"] as? String == "Mine")
        #expect((feed["direct"] as? [String: Any])?["tags"] as? [String] == ["Sea"])
    }

    @Test("a feed that comes damaged is named by add and by sync, quiet or not")
    func damaged() async throws {
        let (host, device) = try await subscribed()
        let whole = host.rss([("c1", "Whole"), ("c2", "Cut in the middle")])
        host.publish("/feed", feed: String(whole.prefix(whole.count - 120)))
        #expect(try await device.done("sync", "--quiet").errors.contains("The Harbour Post is damaged"))
        let other = try Device()
        #expect(try await other.done("add", host.url + "/feed").errors.contains("the feed is damaged"))
    }

    @Test("what the reader typed wrong is said, and changes nothing")
    func mistakes() async throws {
        let (_, device) = try await subscribed()
        let id = try #require(try await device.done("feeds", "--json").items().first?["id"] as? String)
        #expect(try await device.run("feeds", "edit", id, "--title", "  ").status == 2)
        #expect(try await device.run("feeds", "edit", id, "--untag", "nowhere").status == 3)
        #expect(try await device.run("list", "--folder", "nowhere").status == 3)
        #expect(try await device.run("add", "http://").status == 2)
        #expect(try await device.run("feeds", "check", "").status == 2)
        #expect(try await device.run("feeds", "retain", "soon").status == 2)
        let preview = try await device.run("sync", "--dry-run")
        #expect(preview.status == 2 && preview.errors.contains("this replica has none"))
    }

    @Test("status counts feeds and those that fail, and asks for no server where there are feeds")
    func status() async throws {
        let (host, device) = try await subscribed()
        #expect(try await !device.done("status").output.contains("login"))
        host.publish("/feed", .init(body: "", status: "500 Internal Server Error"))
        _ = try await device.run("sync")
        let status = try await device.done("status", "--json").json()
        #expect(status["ownFeeds"] as? Int == 1 && status["failingFeeds"] as? Int == 1)
    }

    @Test("a removed feed is asked no more, and its saved article stays")
    func removal() async throws {
        let (_, device) = try await subscribed()
        try await device.done("save", try await device.articles()[0])
        let id = try #require(try await device.done("feeds", "--json").items().first?["id"] as? String)
        try await device.done("feeds", "remove", id)
        #expect(try await device.run("sync").status == 3)
        #expect(try await device.done("list", "--saved", "--json").items().count == 1)
    }

    @Test("Ctrl-C during a slow feed ends the sync with status 130, and nothing is half there")
    func interruption() async throws {
        let (_, device) = try await subscribed()
        let deaf = try DeafServer()
        // A feed that never answers: it is added by its list, unread.
        let list = "<opml version='2.0'><body><outline text='Deaf' type='rss' xmlUrl='\(deaf.url)/feed'/></body></opml>"
        try await device.done("feeds", "import", "-", input: list)
        let outcome = try await deaf.interrupting(["sync"], on: device)
        #expect(outcome == 130)
        #expect(try await device.articles().count == 2)
    }
}

@Suite("feeds check")
struct FeedCheckTests {
    @Test("a file is printed as we understand it, with what is odd")
    func file() async throws {
        let device = try Device()
        let text = """
            <rss version="2.0"><channel><title>Odd &nbsp;Ends</title><link>http://e.example/</link><language>en</language>
            <item><title>One</title><guid>http://e.example/1</guid><author>ann@e.example (Ann)</author>
            <pubDate>not a date</pubDate><description>Text &amp;amp; more</description>
            <enclosure url="/a.mp3" length="0" type="audio/mpeg"/></item></channel></rss>
            """
        let outcome = try await device.done("feeds", "check", "-", "--json", input: text)
        let document = try outcome.json()
        let feed = try #require(document["feed"] as? [String: Any])
        #expect(feed["format"] as? String == "rss" && feed["version"] as? String == "2.0")
        #expect(feed["link"] as? String == "http://e.example/" && feed["encoding"] as? String == "utf-8")
        let entry = try #require((document["entries"] as? [[String: Any]])?.first)
        #expect(entry["guid"] as? String == "http://e.example/1" && entry["title"] as? String == "One")
        #expect((entry["authors"] as? [[String: Any]])?.first?["name"] as? String == "Ann")
        #expect((entry["enclosures"] as? [[String: Any]])?.first?["url"] as? String == "http://e.example/a.mp3")
        #expect(entry["published"] is NSNull)
        let codes = (document["warnings"] as? [[String: Any]])?.compactMap { $0["code"] as? String } ?? []
        #expect(codes.contains("badDate"))
        // Nothing was made.
        #expect(!FileManager.default.fileExists(atPath: device.replica))
    }

    @Test(
        "what is no feed is refused with what it is",
        arguments: ["<html><p>hello</p></html>", "", "plain text", "{\"a\": 1}"])
    func noFeed(_ text: String) async throws {
        let device = try Device()
        let outcome = try await device.run("feeds", "check", "-", "--json", input: text)
        #expect(outcome.status == 1)
        #expect(try outcome.error()["code"] as? String == "notAFeed")
    }

    @Test("a file that is not there is status 3, another scheme status 2")
    func wrongSources() async throws {
        let device = try Device()
        #expect(try await device.run("feeds", "check", "missing.xml").status == 3)
        #expect(try await device.run("feeds", "check", "ftp://e.example/feed").status == 2)
    }
}
