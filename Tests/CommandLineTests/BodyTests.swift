import Foundation
import Testing

@Suite("Texts that are kept or not")
struct BodyTests {
    @Test("without texts headlines and search stay; the texts come back once they are wanted")
    func restored() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        let first = try await device.done("sync", "--bodies", "none", "--json").json()
        #expect((first["bodies"] as? [String: Any])?["dropped"] as? Int == 12)
        #expect(try await device.articles().count == 12)
        #expect(try await device.done("search", "lighthouses", "--json").items().count == 12)
        #expect(try await device.done("status", "--json").json()["articlesHeld"] as? Int == 0)
        #expect(try await device.done("status").output.contains("0 of 12 articles with text"))
        let again = try await device.done("sync", "--json").json()
        #expect((again["bodies"] as? [String: Any])?["dropped"] as? Int == 0, "remembered, and done")
        let all = try await device.done("sync", "--bodies", "all", "--json").json()
        #expect((all["bodies"] as? [String: Any])?["restored"] as? Int == 12)
        #expect(try await device.done("status", "--json").json()["articlesHeld"] as? Int == 12)
    }

    @Test("texts that one's own feeds bring back are counted")
    func restoredFromFeeds() async throws {
        let items = (0..<3).map {
            "<item><title>N \($0)</title><guid>\($0)</guid><description>Text</description></item>"
        }
        let host = try FeedHost()
        host.publish("/f", feed: "<rss version='2.0'><channel><title>F</title>\(items.joined())</channel></rss>")
        defer { withExtendedLifetime(host) {} }
        let device = try Device()
        try await device.done("add", host.url + "/f")
        try await device.done("sync", "--bodies", "none")
        let all = try await device.done("sync", "--bodies", "all")
        #expect(all.output.contains("3 texts fetched again"), "\(all.output)")
        #expect(try await !device.done("sync").output.contains("fetched again"))
    }

    @Test("show fetches a text that is not kept, and says what to do where there is no network")
    func shown() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync", "--bodies", "saved")
        let ids = try await device.articles()
        let shown = try await device.done("show", ids[0], "--json").json()
        #expect(shown["bodyHeld"] as? Bool == true)
        #expect((shown["bodyText"] as? String)?.contains("lighthouses") == true)
        server.stop()
        let absent = try await device.done("show", ids[1])
        #expect(absent.output.contains("not kept here") && absent.output.contains("--bodies all"))
        #expect(absent.errors.contains("cannot be asked"))
        #expect(try await device.done("show", ids[0]).output.contains("lighthouses"))
    }

    @Test("saved articles have their texts after a sync, others not")
    func saved() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync", "--bodies", "saved")
        let ids = try await device.articles()
        try await device.done("save", ids[2])
        let outcome = try await device.done("sync", "--json").json()
        #expect((outcome["bodies"] as? [String: Any])?["restored"] as? Int == 1)
        server.stop()
        #expect(try await device.done("show", ids[2], "--json").json()["bodyHeld"] as? Bool == true)
        #expect(try await device.done("show", ids[3], "--json").json()["bodyHeld"] as? Bool == false)
    }
}
