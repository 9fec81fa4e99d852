import Foundation
import GRDB
import Testing

@Suite("Imports of what was read and saved elsewhere")
struct ImportTests {
    private func subscribed() async throws -> (FeedHost, Device) {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss([("a1", "One"), ("a2", "Two"), ("a3", "Three")]))
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        return (host, device)
    }

    private func state(_ device: Device) async throws -> [String: (read: Bool, saved: Bool)] {
        var state: [String: (read: Bool, saved: Bool)] = [:]
        for item in try await device.done("list", "--json").items() {
            state[try #require(item["headline"] as? String)] = (
                item["read"] as? Bool ?? false, item["saved"] as? Bool ?? false
            )
        }
        return state
    }

    private func line(_ members: String) -> String { "{\(members)}\n" }

    @Test("newsboat's cache marks what it has here, by guid and by page, and leaves the rest as it is")
    func newsboat() async throws {
        let (host, device) = try await subscribed()
        let cache = device.folder.path + "/cache.db"
        let queue = try DatabaseQueue(path: cache)
        try await queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, url, feedurl, unread, flags, deleted);
                    INSERT INTO rss_item (guid, title, url, feedurl, unread, flags) VALUES
                        ('a1', 'One', '', ?1, 0, ''), ('made up', 'Two', 'https://www.harbour.example/a2/', ?1, 1, 's'),
                        ('gone', 'Gone', 'http://harbour.example/gone', ?1, 0, '');
                    """, arguments: [host.url + "/feed"])
        }
        try queue.close()
        let tried = try await device.done("import", "state", cache, "--dry-run", "--json").json()
        #expect(tried["read"] as? Int == 1 && tried["saved"] as? Int == 1 && tried["dryRun"] as? Bool == true)
        #expect(try await state(device).values.allSatisfy { !$0.read && !$0.saved })
        let done = try await device.done("import", "state", cache, "--from", "newsboat", "--json").json()
        #expect(done["sources"] as? [String] == ["newsboat"] && done["entries"] as? Int == 3)
        #expect(done["matched"] as? Int == 2 && done["unmatched"] as? Int == 1)
        let state = try await state(device)
        #expect(state["One"]?.read == true && state["One"]?.saved == false)
        #expect(state["Two"]?.saved == true && state["Two"]?.read == false && state["Three"]?.read == false)
        let again = try await device.done("import", "state", cache)
        #expect(again.output.contains("nothing to change"))
    }

    @Test("what matches nothing is kept in a file, which marks the article once it has come")
    func unmatched() async throws {
        let (host, device) = try await subscribed()
        let rest = device.folder.path + "/rest.jsonl"
        let marks =
            line(#""feed":"\#(host.url)/feed","guid":"a9","read":true,"saved":true,"title":"Nine""#)
            + line(#""url":"https://harbour.example/a1?utm_source=x","read":true"#)
        let outcome = try await device.done("import", "state", "-", "--unmatched", rest, input: marks)
        #expect(outcome.output.contains("1 article marked read"))
        #expect(outcome.errors.contains("import state \(rest)"))
        host.publish("/feed", feed: host.rss([("a1", "One"), ("a9", "Nine")]))
        try await device.done("sync")
        try await device.done("import", "state", rest)
        let state = try await state(device)
        #expect(state["Nine"]?.read == true && state["Nine"]?.saved == true)
    }

    @Test("a guid means nothing outside of its feed, and a page of a feed that is here only in its publication")
    func otherFeeds() async throws {
        let (host, device) = try await subscribed()
        host.publish(
            "/links",
            feed: host.rss([("l1", "Link")], title: "Links").replacingOccurrences(
                of: "harbour.example", with: "links.example"))
        try await device.done("add", host.url + "/links")
        let marks =
            line(#""feed":"https://elsewhere.example/feed","guid":"a1","read":true"#)
            + line(#""guid":"a2","read":true"#)
            + line(#""feed":"\#(host.url)/links","url":"http://harbour.example/a3","read":true"#)
        let done = try await device.done("import", "state", "-", "--json", input: marks).json()
        #expect(done["matched"] as? Int == 0 && done["unmatched"] as? Int == 3)
    }

    @Test("a page that two publications have is nobody's, unless the feed says whose it is meant to be")
    func ambiguous() async throws {
        let (host, device) = try await subscribed()
        let links = host.rss([("a1", "Link")], title: "Links").replacingOccurrences(
            of: "<link>http://harbour.example/</link>", with: "<link>http://links.example/</link>")
        host.publish("/links", feed: links)
        try await device.done("add", host.url + "/links")
        let mark = #""url":"http://harbour.example/a1","read":true"#
        let nobody = try await device.done("import", "state", "-", "--json", input: line(mark)).json()
        #expect(nobody["matched"] as? Int == 0)
        let named = line(#""feed":"\#(host.url)/links/","# + mark)
        #expect(try await device.done("import", "state", "-", "--json", input: named).json()["read"] as? Int == 1)
        let state = try await state(device)
        #expect(state["Link"]?.read == true && state["One"]?.read == false)
    }

    @Test("marks of an import are marks of many, in the log and for other devices")
    func bulk() async throws {
        let (_, device) = try await subscribed()
        try await device.done("import", "state", "-", input: line(#""url":"http://harbour.example/a1","read":true"#))
        let id = try #require(
            try await device.done("list", "--json").items().first { $0["headline"] as? String == "One" }?["id"]
                as? String)
        let article = try await device.done("show", id, "--peek", "--json").json()
        #expect(article["readBy"] as? String == "bulk")
        let undone = try await device.done("undo")
        #expect(undone.output.contains("import state") || undone.errors.contains("import state"))
        #expect(try await state(device)["One"]?.read == false)
    }

    @Test("newsboat's list of feeds is one that 'feeds import' takes")
    func newsboatFeeds() async throws {
        let device = try Device()
        let done = try await device.done(
            "feeds", "import", "-", "--json", input: "https://a.example/feed \"~My A\" news\n\"query:x:y\"\n")
        #expect(try done.json()["added"] as? Int == 1)
        #expect(try (done.json()["warnings"] as? [String])?.count == 1)
        let feed = try #require(try await device.done("feeds", "--json").items().first)
        #expect(feed["title"] as? String == "My A")
    }

    @Test("files that are none, or lists of feeds, are refused with what to do")
    func refusals() async throws {
        let (_, device) = try await subscribed()
        let missing = try await device.run("import", "state", device.folder.path + "/nothing.db")
        #expect(missing.status == 3)
        let list = try await device.run("import", "state", "-", input: "<?xml version=\"1.0\"?><opml/>")
        #expect(list.status == 2 && list.errors.contains("feeds import"))
        let none = try await device.run("import", "state", "-", input: "hello")
        #expect(none.status == 2 && none.errors.contains("help import state"))
        let other = try await device.run("import", "state", "-", "--from", "miniflux", input: "{\"items\":[]}")
        #expect(other.status == 2 && other.errors.contains("--from"))
    }
}
