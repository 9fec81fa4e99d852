import Foundation
import GRDB
import Glibc
import Testing

/// Every line that the README shows in a `sh` block under "60 seconds" is run by a real shell with the real programs. A
/// fixture on loopback stands in for the hosts of the examples.
@Suite("The README's tour")
struct ReadmeTourTests {
    /// Lines that are not run, without their comments.
    private static let notRun: [String: String] = [
        "reader-sync-server serve": "runs until it is stopped: the test starts it itself at this line",
        "reader-sync read": "opens the full screen, which FullScreenTests do",
    ]

    @Test("every line does what it says, with status 0", .enabled(if: Shell.bash.isInstalled))
    func tour() async throws {
        let text = try String(contentsOf: JSONFile.sourceTree.appending(path: "README.md"), encoding: .utf8)
        let blocks = Self.blocks(of: text, under: "## 60 seconds")
        #expect(blocks.count >= 2 && blocks.joined().count >= 20)
        let host = try Self.host()
        var tour = Tour(host: host, device: try Device())
        for (index, block) in blocks.enumerated() {
            // The second block is of somebody else: with a server from the start.
            if index == 1 { tour.device = try Device() }
            try Self.files(in: tour.device, host)
            for line in block {
                if line.hasPrefix("reader-sync-server serve") { try tour.serve() }
                let command = line.split(separator: "  #").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
                if Self.notRun[command] != nil { continue }
                let (status, output) = try await tour.run(line)
                #expect(status == 0, "README.md: \(line)\nended with \(status): \(output)")
            }
        }
        tour.stop()
    }

    /// The lines of the `sh` blocks between a heading and the next of its level, without the empty ones and comments.
    private static func blocks(of text: String, under heading: String) -> [[String]] {
        var (blocks, block, isUnder) = ([[String]](), [String]?.none, false)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("## ") { isUnder = line == heading }
            if line == "```sh", isUnder {
                block = []
            } else if line == "```" {
                if let block { blocks.append(block) }
                block = nil
            } else if !line.isEmpty, !line.hasPrefix("#") {
                block?.append(line)
            }
        }
        return blocks
    }

    /// A magazine with a page that names its feed, and an odd feed.
    private static func host() throws -> FeedHost {
        let host = try FeedHost()
        let feed = host.rss(
            [("story", "The Night Librarian"), ("tides", "Tide Tables"), ("boats", "Pilot Boats")],
            title: "In the Spotlight"
        ).replacing("Mon, 02 Nov 2026 08:00:00 GMT", with: Date.now.formatted(.iso8601)).replacing(
            "http://harbour.example/story", with: host.url + "/2026/story")
        for path in ["/feed.xml", "/in-the-spotlight.xml"] { host.publish(path, feed: feed) }
        host.publish(
            "/",
            .init(
                body: "<html><head><link rel=alternate type=application/rss+xml href=/feed.xml></head></html>",
                type: "text/html"))
        host.publish("/feed", feed: host.rss([("odd", "Odd Ends")], title: "Odd"))
        return host
    }

    /// The files that lines name.
    private static func files(in device: Device, _ host: FeedHost) throws {
        try """
        <opml version="2.0"><body><outline text="World"><outline text="Odd" type="rss" xmlUrl="\(host.url)/feed"/></outline></body></opml>
        """.write(toFile: device.folder.path + "/subscriptions.opml", atomically: true, encoding: .utf8)
        let newsboat = device.folder.path + "/.local/share/newsboat"
        guard !FileManager.default.fileExists(atPath: newsboat) else { return }
        try FileManager.default.createDirectory(atPath: newsboat, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: newsboat + "/cache.db")
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, url, feedurl, unread, flags, deleted);
                    INSERT INTO rss_item (guid, title, url, feedurl, unread, flags)
                        VALUES ('story', 'The Night Librarian', ?, ?, 0, 's');
                    """, arguments: [host.url + "/2026/story", host.url + "/feed.xml"])
        }
        try queue.close()
    }
}

/// The state of the tour: who types, and the server that was started.
private struct Tour {
    let host: FeedHost
    var device: Device
    private var server: (child: Child, url: String)?
    private var token = ""

    init(host: FeedHost, device: Device) {
        self.host = host
        self.device = device
    }

    /// Runs a line in the person's folder.
    mutating func run(_ line: String) async throws -> (status: Int32, text: String) {
        var typed = line
        for (example, real) in [
            ("https://magazine.example", host.url), ("https://odd.example", host.url),
            ("http://127.0.0.1:8080", server?.url ?? "http://127.0.0.1:9"),
        ] { typed = typed.replacing(example, with: real) }
        if typed.contains("aa8af3b") {
            typed = typed.replacing("aa8af3b", with: try #require(try await device.articles().first).prefix(7))
        }
        // The fixture is on this machine, where a server does not go unless it is told to.
        if typed.hasPrefix("reader-sync-server ingest ") {
            typed = typed.replacing("ingest ", with: "ingest --allow-private-addresses ", maxReplacements: 1)
        }
        let done = try await Shell.bash.run(
            ["--norc", "-c", "cd '\(device.folder.path)' || exit 1\n" + typed], on: device, input: token + "\n")
        if line.contains("device token") { token = done.text.trimmingCharacters(in: .whitespacesAndNewlines) }
        return done
    }

    /// What `reader-sync-server serve` does, on a free port.
    mutating func serve() throws {
        let pipe = try CleanPipe()
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let child = try Program.server.start(
            ["serve", "--port", "0"], device.environment, input: null, output: pipe.writing, errors: null)
        close(pipe.writing)
        var (text, byte) = ("", UInt8(0))
        while !text.hasSuffix("\n"), read(pipe.reading, &byte, 1) == 1 {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        close(pipe.reading)
        server = (child, String(text.dropFirst("listening on ".count).dropLast()))
    }

    func stop() {
        guard let server else { return }
        kill(server.child.id, SIGKILL)
        server.child.wait()
    }
}
