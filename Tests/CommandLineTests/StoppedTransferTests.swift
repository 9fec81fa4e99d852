import Foundation
import Glibc
import Testing

/// A client whose streams a test holds.
private struct Running: Sendable {
    let child: Child
    /// What it prints.
    let output: Int32
    private let errors: Int32

    init(_ arguments: [String], _ device: Device, input: Int32? = nil) throws {
        let (pipe, talk) = (try CleanPipe(), try CleanPipe())
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { for descriptor in [null, pipe.writing, talk.writing] { close(descriptor) } }
        child = try Program.client.start(
            arguments, device.environment, input: input ?? null, output: pipe.writing, errors: talk.writing)
        (output, errors) = (pipe.reading, talk.reading)
    }

    /// Whether it has not ended yet.
    var isRunning: Bool {
        let state = try? String(contentsOfFile: "/proc/\(child.id)/stat", encoding: .utf8)
        return state.map { !$0.contains(") Z ") } ?? false
    }

    /// Presses Ctrl-C.
    ///
    /// - Returns: its status, and what it said.
    func stop() async -> (status: Int32, errors: String) {
        kill(child.id, SIGINT)
        return await end()
    }

    /// Waits for its end.
    func end() async -> (status: Int32, errors: String) {
        let status = await child.end()
        return (status, CleanPipe.text(errors))
    }

    /// Whether it has begun to write a file in `folder`, whether that has a name or not.
    func writes(in folder: String) -> Bool {
        let descriptors = "/proc/\(child.id)/fd"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? [] {
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: descriptors + "/" + name)
            guard let path, path.hasPrefix(folder + "/"), !path.hasPrefix(folder + "/data") else { continue }
            let facts = try? String(contentsOfFile: "/proc/\(child.id)/fdinfo/\(name)", encoding: .utf8)
            if let facts, !facts.hasPrefix("pos:\t0\n") { return true }
        }
        return false
    }
}

@Suite("Ctrl-C in an export or an import")
struct StoppedTransferTests {
    private static let count = 4_000

    /// A device with many articles of one feed.
    private static let many = Task {
        let host = try FeedHost()
        let text = String(repeating: "The tide comes in and goes out. ", count: 30)
        host.publish("/feed", feed: host.rss((1...count).map { ("a\($0)", "Table \($0), \(text)") }))
        let device = try Device()
        try await device.done("add", host.url + "/feed")
        host.stop()
        return (device, host.url + "/feed")
    }

    private func device() async throws -> (Device, feed: String) {
        let (device, feed) = try await Self.many.value
        return (try Device(copying: device), feed)
    }

    /// Waits until there is a reader at the other end of a pipe with a name.
    private func writer(of path: String) async throws -> Int32 {
        let descriptor = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: open(path, O_WRONLY | O_CLOEXEC)) }
        }
        try #require(descriptor >= 0)
        return descriptor
    }

    private func isInterrupted(_ end: (status: Int32, errors: String), _ words: String) {
        #expect(end.status == 130 && end.errors.contains(words), "\(end)")
    }

    @Test(
        "of a file: it has no name before it is whole, nothing is left of it, and a second run writes it",
        arguments: ["--epub", "--html", "--jsonl"])
    func file(_ format: String) async throws {
        let (device, _) = try await device()
        // The path as the kernel has it.
        let folder = URL(filePath: device.folder.path).resolvingSymlinksInPath().path
        let words = ["export", format, folder + "/out", "--all", "--limit", String(Self.count)]
        let running = try Running(words, device)
        while !running.writes(in: folder) { sched_yield() }
        try running.child.suspend()
        let before = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!before.contains("out"))
        kill(running.child.id, SIGINT)
        running.child.resume()
        isInterrupted(await running.end(), "no file was written")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!left.contains { $0.hasPrefix("out") }, "\(left)")
        let done = try await run(.client, words + ["--json"], in: folder, environment: device.environment).json()
        #expect(done["articles"] as? Int == Self.count)
    }

    @Test("of an export whose reader takes no more: it ends, and says that this is not all")
    func slowReader() async throws {
        let (device, _) = try await device()
        let running = try Running(["export", "--jsonl", "-", "--all", "--limit", String(Self.count)], device)
        var byte: UInt8 = 0
        #expect(read(running.output, &byte, 1) == 1)
        isInterrupted(await running.stop(), "not all")
        #expect(CleanPipe.text(running.output).split(separator: "\n").count < Self.count)
    }

    @Test(
        "of an import that waits for the rest of its file: nothing is changed, and a second run marks",
        arguments: ["-", "marks"])
    func state(_ name: String) async throws {
        let (device, feed) = try await device()
        let lines = (1...Self.count).map { "{\"feed\":\"\(feed)\",\"guid\":\"a\($0)\",\"read\":true,\"saved\":true}\n" }
        let fifo = device.folder.path + "/" + (name == "-" ? "input" : name)
        try #require(mkfifo(fifo, 0o600) == 0)
        // Both ends, so that no opening waits; what is written waits for a reader.
        let both = name == "-" ? open(fifo, O_RDWR | O_CLOEXEC) : nil
        let running = try Running(["import", "state", name == "-" ? "-" : fifo], device, input: both)
        let pipe: Int32
        if let both { pipe = both } else { pipe = try await writer(of: fifo) }
        // More than fits into the pipe: once it is written, some of it was read.
        let half = Array(lines.prefix(Self.count / 2).joined().utf8)
        #expect(half.count > 1 << 16 && write(pipe, half, half.count) == half.count)
        isInterrupted(await running.stop(), "nothing was changed")
        close(pipe)
        #expect(try await device.done("list", "--saved", "--json").items().isEmpty)
        let whole = try await device.done("import", "state", "-", "--json", input: lines.joined()).json()
        #expect(whole["read"] as? Int == Self.count && whole["saved"] as? Int == Self.count)
    }

    @Test("of an import that was marking: all of it or nothing, and a second run does the rest")
    func marking() async throws {
        let (device, feed) = try await device()
        let lines = (1...Self.count).map { "{\"feed\":\"\(feed)\",\"guid\":\"a\($0)\",\"read\":true}\n" }.joined()
        let file = device.folder.path + "/marks.jsonl"
        try lines.write(toFile: file, atomically: true, encoding: .utf8)
        let running = try Running(["import", "state", file], device)
        // SQLite's log of writes grows while the transaction is written.
        let log = device.replica + "-wal"
        var facts = stat()
        while running.isRunning, stat(log, &facts) != 0 || facts.st_size == 0 { sched_yield() }
        let end = await running.stop()
        #expect(end.status == 130 || end.status == 0, "\(end)")
        let unread = try await device.done("status", "--json").json()["unread"] as? Int ?? -1
        #expect(unread == 0 || unread == Self.count)
        let again = try await device.done("import", "state", file, "--json").json()
        #expect(again["read"] as? Int == unread)
    }

    @Test("of an import that tells what matches nothing: the marks are made, it says so, and a second run tells all")
    func unmatched() async throws {
        let (device, feed) = try await device()
        let here = "{\"feed\":\"\(feed)\",\"guid\":\"a1\",\"saved\":true}\n"
        let lines = (1...20_000).map { "{\"feed\":\"\(feed)\",\"guid\":\"gone\($0)\",\"read\":true}\n" }.joined() + here
        let file = device.folder.path + "/marks.jsonl"
        try lines.write(toFile: file, atomically: true, encoding: .utf8)
        let running = try Running(["import", "state", file, "--unmatched", "-"], device)
        var byte: UInt8 = 0
        #expect(read(running.output, &byte, 1) == 1)
        isInterrupted(await running.stop(), "what is here is marked")
        #expect(try await device.done("list", "--saved", "--json").items().count == 1)
        let again = try await device.done("import", "state", file, "--unmatched", "-")
        #expect(again.output.split(separator: "\n").count == 20_000)
    }

    @Test(
        "of a list of feeds that waits for its rest: none is added, and a second run adds all",
        arguments: ["-", "list"])
    func feeds(_ name: String) async throws {
        let device = try Device()
        let outlines = (1...2_000).map { "<outline text='F\($0)' type='rss' xmlUrl='http://h\($0).example/f'/>\n" }
            .joined()
        let list = "<opml version='2.0'><body>" + outlines
        let fifo = device.folder.path + "/" + (name == "-" ? "input" : name)
        try #require(mkfifo(fifo, 0o600) == 0)
        let both = name == "-" ? open(fifo, O_RDWR | O_CLOEXEC) : nil
        let running = try Running(["feeds", "import", name == "-" ? "-" : fifo], device, input: both)
        let pipe: Int32
        if let both { pipe = both } else { pipe = try await writer(of: fifo) }
        let half = Array(list.utf8)
        #expect(half.count > 1 << 16 && write(pipe, half, half.count) == half.count)
        isInterrupted(await running.stop(), "nothing was changed")
        close(pipe)
        #expect(!FileManager.default.fileExists(atPath: device.replica))
        let whole = try await device.done("feeds", "import", "-", "--json", input: list + "</body></opml>").json()
        #expect(whole["added"] as? Int == 2_000)
    }
}
