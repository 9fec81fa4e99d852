import Foundation
import Glibc
import Synchronization
import Testing

/// A server with a library, on a free loopback port. Ends with its last reference.
final class Server: Sendable {
    let url: String
    let tokens: [String]
    private let child: Mutex<Child?>
    private let folder: TemporaryFolder

    /// Starts a server on a copy of the library.
    static func start() async throws -> Server {
        let library = try await Library.shared.value
        let folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: library.folder.path) {
            try FileManager.default.copyItem(
                atPath: library.folder.path + "/" + name, toPath: folder.path + "/" + name)
        }
        return try Server(folder, tokens: library.tokens)
    }

    private init(_ folder: TemporaryFolder, tokens: [String]) throws {
        let (url, child) = try Self.listening(in: folder, port: 0)
        self.url = url
        self.tokens = tokens
        self.folder = folder
        self.child = Mutex(child)
    }

    /// Ends the server, and starts it again at the same address.
    func restart() throws {
        stop()
        let port = Int(url.split(separator: ":").last ?? "") ?? 0
        let (_, again) = try Self.listening(in: folder, port: port)
        child.withLock { $0 = again }
    }

    private static func listening(in folder: TemporaryFolder, port: Int) throws -> (url: String, child: Child) {
        let pipe = try CleanPipe()
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let child = try Program.server.start(
            ["serve", "--port", String(port), "--db", folder.path + "/server.sqlite"], ["HOME": folder.path],
            input: null, output: pipe.writing, errors: null)
        close(pipe.writing)
        var (text, byte) = ("", UInt8(0))
        while !text.hasSuffix("\n"), read(pipe.reading, &byte, 1) == 1 {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        close(pipe.reading)
        let marker = "listening on "
        guard text.hasPrefix(marker), text.hasSuffix("\n") else {
            kill(child.id, SIGKILL)
            child.wait()
            throw LibraryError(description: "the server did not start: \(text)")
        }
        return (String(text.dropFirst(marker.count).dropLast()), child)
    }

    /// Runs an operator's command on the server's database.
    func administer(_ command: String...) async throws {
        let outcome = try await run(
            .server, command + ["--db", folder.path + "/server.sqlite"], in: folder.path,
            environment: ["HOME": folder.path])
        guard outcome.status == 0 else { throw LibraryError(description: "\(command): \(outcome.errors)") }
    }

    /// Ends the server at once.
    func stop() {
        child.withLock { child in
            guard let running = child.take() else { return }
            kill(running.id, SIGKILL)
            running.wait()
        }
    }

    deinit { stop() }
}

struct LibraryError: Error, CustomStringConvertible {
    var description: String
}

/// The server's database that all tests start from: made once, copied for each.
struct Library: Sendable {
    let folder: TemporaryFolder
    let tokens: [String]

    static let shared = Task { try await make() }

    private static func make() async throws -> Library {
        let folder = try TemporaryFolder()
        try feed.write(toFile: folder.path + "/all.xml", atomically: true, encoding: .utf8)
        let commands: [[String]] = [
            ["user", "add", "ada"], ["device", "token", "ada", "--name", "phone"],
            ["device", "token", "ada", "--name", "laptop"],
            ["ingest", folder.path + "/all.xml", "--publication", "review", "--feed", "all"],
            [
                "newsletter", "add", "daily", "--title", "Daily Brief", "--description", "Every morning.",
                "--cadence", "daily", "--cadence", "weekly",
            ],
            [
                "consent", "publish", "brandOffers", "--version", "3", "--text", "May we write to you about offers?",
                "--policy", "2026-01", "--terms", "2025-06",
            ],
        ]
        var tokens: [String] = []
        for command in commands {
            let outcome = try await run(
                .server, command + ["--db", folder.path + "/server.sqlite"], in: folder.path,
                environment: ["HOME": folder.path])
            guard outcome.status == 0 else {
                throw LibraryError(description: "\(command): \(outcome.errors)\(outcome.output)")
            }
            if command[0] == "device" {
                tokens.append(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
        return Library(folder: folder, tokens: tokens)
    }

    /// Twelve articles; two headlines try to command the terminal.
    private static var feed: String {
        let headlines = [
            "The Harbour at Night", "A Border, Redrawn", "On Patience", "港の夜明け", "Notes from the Delta",
            "Sanctions Revisited", "\u{9B}31mRed Alert\u{9B}0m and \u{202E}reversed", "The Price of Grain",
            "What the Census Missed", "A Second Spring", "Tail\u{9D}0;owned\u{9C} Winds", "The Long Strike",
        ]
        let items = headlines.enumerated().map { index, headline in
            """
            <item><title>\(headline)</title><link>https://review.example/\(index)</link>
            <guid isPermaLink="true">https://review.example/\(index)</guid>
            <pubDate>\(index < 9 ? "0" : "")\(index + 1) Nov 2026 08:00:00 +0000</pubDate>
            <description>&lt;p&gt;Paragraph of article \(index), about lighthouses.&lt;/p&gt;</description></item>
            """
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0"><channel><title>The Review</title><link>https://review.example/</link>
            <description>All articles</description>\(items.joined())</channel></rss>
            """
    }
}

/// Devices that tests start from: synced once, copied for each.
enum Synced {
    private static let template = Task {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        server.stop()
        return device
    }

    /// A device that holds the library, and whose server is gone.
    static func device() async throws -> Device {
        try Device(copying: try await template.value)
    }
}
