import Foundation
import Glibc
import SQLiteReplica
import Testing

@Suite("Pictures for reading without a network")
struct ImageTests {
    private let gif = "GIF89a" + String(repeating: "harbour ", count: 100)

    /// A site with two articles that show a picture each, and a device that reads it.
    private func subscribed() async throws -> (FeedHost, Device) {
        let host = try FeedHost()
        host.publish("/a.gif", .init(body: gif + "a;"))
        host.publish("/b.gif", .init(body: gif + "b;"))
        let items = ["a", "b"].map { name in
            """
            <item><title>\(name)</title><guid isPermaLink="false">\(name)</guid>
            <description>&lt;p&gt;Text &lt;img src="\(host.url)/\(name).gif"&gt;&lt;/p&gt;</description></item>
            """
        }
        host.publish(
            "/feed",
            feed: """
                <?xml version="1.0"?><rss version="2.0"><channel><title>Pictures</title><link>http://h.example/</link>
                <description>d</description>\(items.joined())</channel></rss>
                """)
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        return (host, device)
    }

    private func files(_ device: Device) -> [String] {
        let folder = device.folder.path + "/data/reader-sync/replica.assets"
        return (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter { $0.utf8.count == 67 }
    }

    private func images(_ outcome: Outcome) throws -> [String: Any] {
        try #require(try outcome.json()["images"] as? [String: Any])
    }

    @Test("none are fetched until that is asked for, and what was asked for is remembered")
    func remembered() async throws {
        let (host, device) = try await subscribed()
        #expect(try await device.done("sync", "--json").json()["images"] is NSNull)
        let first = try images(
            try await device.done("sync", "--images", "all", "--allow-private-addresses", "--json"))
        #expect(first["fetched"] as? Int == 2 && first["held"] as? Int == 2)
        #expect(files(device).count == 2)
        let asked = host.requests.count
        let second = try images(try await device.done("sync", "--json"))
        #expect(second["fetched"] as? Int == 0 && second["wanted"] as? Int == 2)
        #expect(host.requests.count == asked + 1, "the feed alone")
        try await device.done("sync", "--images", "none")
        #expect(files(device).isEmpty)
        #expect(try Replica(opening: device.replica).checkIntegrity() == [])
    }

    @Test("doctor misses a file that is gone, and the next sync fetches it again")
    func examined() async throws {
        let (host, device) = try await subscribed()
        defer { withExtendedLifetime(host) {} }
        try await device.done("sync", "--images", "all", "--allow-private-addresses")
        #expect(try await pictures(device)?["grade"] as? String == "ok")
        let file = try #require(files(device).first)
        try FileManager.default.removeItem(atPath: device.folder.path + "/data/reader-sync/replica.assets/" + file)
        #expect(try await pictures(device)?["detail"] as? String == "1 file missing, 0 that nothing names")
        let again = try images(try await device.done("sync", "--allow-private-addresses", "--json"))
        #expect(again["fetched"] as? Int == 1)
        #expect(try await pictures(device)?["grade"] as? String == "ok")
    }

    /// What doctor says of the pictures.
    private func pictures(_ device: Device) async throws -> [String: Any]? {
        let findings = try await device.run("doctor", "--offline", "--json").json()["items"] as? [[String: Any]]
        return findings?.first { $0["name"] as? String == "pictures" }
    }

    @Test("pictures that are held go into an edition, whole")
    func exported() async throws {
        let (host, device) = try await subscribed()
        defer { withExtendedLifetime(host) {} }
        try await device.done("sync", "--images", "all", "--allow-private-addresses")
        host.stop()
        let path = device.folder.path + "/edition.html"
        let outcome = try await device.done("export", "--all", "--html", path, "--json").json()
        #expect(outcome["images"] as? Int == 2)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("data:image/gif;base64,R0lGODlh"))
    }

    @Test("those of saved articles alone, once they are saved")
    func saved() async throws {
        let (host, device) = try await subscribed()
        defer { withExtendedLifetime(host) {} }
        try await device.done("save", try await device.articles()[0])
        try await device.done("sync", "--images", "saved", "--allow-private-addresses")
        #expect(files(device).count == 1)
    }

    @Test("an address of this machine is refused unless that is allowed, and it is no failure of the sync")
    func refused() async throws {
        let (host, device) = try await subscribed()
        defer { withExtendedLifetime(host) {} }
        let outcome = try images(try await device.done("sync", "--images", "all", "--json"))
        #expect(outcome["failed"] as? Int == 2 && outcome["held"] as? Int == 0)
    }

    @Test("a refused picture is said with the reason and the option, which fetches it at once")
    func refusedThenAllowed() async throws {
        let (host, device) = try await subscribed()
        let first = try await device.done("sync", "--images", "all")
        #expect(first.output.contains("2 pictures failed"), "\(first)")
        #expect(
            first.errors.contains("/a.gif: it is at an address of this machine or of a private network"), "\(first)")
        #expect(first.errors.contains("reader-sync sync --allow-private-addresses"), "\(first)")
        #expect(try await !device.done("sync").errors.contains("a.gif"), "left alone for a while")
        #expect(try await device.done("sync", "--allow-private-addresses").output.contains("2 pictures ("))
        #expect(files(device).count == 2)
        withExtendedLifetime(host) {}
    }

    @Test("a picture that the server does not have is said with the reason")
    func missing() async throws {
        let (host, device) = try await subscribed()
        host.publish("/a.gif", .init(body: "gone", status: "410 Gone"))
        let outcome = try await device.done("sync", "--images", "all", "--allow-private-addresses")
        #expect(outcome.output.contains("1 picture (") && outcome.output.contains("1 picture failed"), "\(outcome)")
        #expect(outcome.errors.contains("/a.gif: the server answers with status 410"), "\(outcome)")
        #expect(outcome.errors.contains("a later sync tries again"), "\(outcome)")
    }

    @Test(
        "a size that is none is refused, and nothing is remembered of it",
        arguments: ["much", "-1", "5XB", "12", "0", "0MB"])
    func wrongBudget(_ text: String) async throws {
        let (host, device) = try await subscribed()
        defer { withExtendedLifetime(host) {} }
        #expect(try await device.run("sync", "--images", "all", "--budget=\(text)").status == 2)
        #expect(try await device.done("sync", "--json").json()["images"] is NSNull)
    }

    @Test("Ctrl-C in the middle of a picture ends with 130; the next sync goes on where it was")
    func interrupted() async throws {
        let (host, device) = try await subscribed()
        let slow = try HalfPicture(gif + "slow")
        host.publish(
            "/feed",
            feed: host.rss([("slow", "Slow")]).replacingOccurrences(
                of: "&lt;p&gt;", with: "&lt;img src='\(slow.url)/p'&gt;"))
        let arguments = ["sync", "--images", "all", "--allow-private-addresses"]
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let child = try Program.client.start(arguments, device.environment, input: null, output: null, errors: null)
        await slow.answer()
        // The bytes are in the part's file before they count as taken.
        while try partBytes(device) == 0 { await Task.yield() }
        kill(child.id, SIGINT)
        #expect(await child.end() == 130)
        #expect(try Replica(opening: device.replica).checkIntegrity() == [])
        async let rest: Void = slow.answer()
        // On a machine that is slow it asks for all of it again.
        let second = try images(
            try await device.done("sync", "--allow-private-addresses", "--json"))
        await rest
        #expect(second["held"] as? Int == 3)
    }

    private func partBytes(_ device: Device) throws -> Int {
        let folder = device.folder.path + "/data/reader-sync/replica.assets/parts"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            sum + (((try? FileManager.default.attributesOfItem(atPath: folder + "/" + name))?[.size] as? Int) ?? 0)
        }
    }
}

/// Gives half of a picture to the first who asks, and the rest to who asks for it.
private final class HalfPicture: Sendable {
    let url: String
    private let descriptor: Int32
    private let picture: String
    private let asked = Asked()

    private final class Asked: @unchecked Sendable {
        // Used by one answer at a time: each is awaited before the next.
        var requests: [String] = []
        var connections: [Int32] = []
    }

    init(_ picture: String) throws {
        self.picture = picture
        (descriptor, url) = try Loopback.listen()
    }

    /// Answers one request.
    func answer() async {
        let (descriptor, picture, asked) = (descriptor, picture, asked)
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let connection = accept(descriptor, nil, nil)
                var bytes = [UInt8](repeating: 0, count: 16_384)
                let count = recv(connection, &bytes, bytes.count, 0)
                let request = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
                let half = picture.utf8.count / 2
                let isRest = request.contains("Range: bytes=\(half)-")
                let range = "Content-Range: bytes \(half)-\(picture.utf8.count - 1)/\(picture.utf8.count)\r\n"
                let head = isRest ? "206 Partial\r\n\(range)" : "200 OK\r\n"
                let length = isRest ? picture.utf8.count - half : picture.utf8.count
                let isFirst = asked.requests.isEmpty
                let body = isRest ? picture.dropFirst(half) : isFirst ? picture.prefix(half) : picture[...]
                let text = "HTTP/1.1 \(head)ETag: \"p\"\r\nContent-Length: \(length)\r\n\r\n\(body)"
                send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
                asked.requests.append(request)
                asked.connections.append(connection)
                continuation.resume()
            }
        }
    }

    deinit {
        close(descriptor)
        for connection in asked.connections { close(connection) }
    }
}
