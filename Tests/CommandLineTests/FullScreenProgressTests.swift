import Foundation
import GRDB
import Glibc
import Testing

@Suite("How far an article was read, in the full-screen reader at a real terminal")
struct FullScreenProgressTests {
    /// The newest article, opened in a window so small that half of its text is in sight at once.
    private static func half(_ device: Device) async throws -> TmuxScreen {
        let screen = try FullScreenTests.reading(device, columns: 30, rows: 6)
        try screen.press("Enter")
        try screen.wait("1 min")
        try screen.press("j")
        try screen.wait("55%")
        return screen
    }

    private static func progress(_ device: Device) async throws -> Int? {
        try await device.done("list", "--json").items().first?["progress"] as? Int
    }

    @Test(
        "however the reader ends, it is recorded, and the terminal given back",
        arguments: ["q", "C-c", "TERM", "INT", "HUP"])
    func waysOut(_ way: String) async throws {
        let device = try await Synced.device()
        let screen = try await Self.half(device)
        #expect(try await Self.progress(device) == 0)
        if let number = ["TERM": SIGTERM, "INT": SIGINT, "HUP": SIGHUP][way] {
            let pid = try String(contentsOfFile: device.folder.path + "/pid", encoding: .utf8)
            kill(try #require(pid_t(pid.filter(\.isNumber))), number)
        } else {
            try screen.press(way)
            if way == "q" {
                try screen.wait("55%", isThere: false)
                try screen.press("q")
            }
        }
        try FullScreenTests.expectRestored(screen, device, status: way == "q" || way == "C-c" ? 0 : 130)
        let points = try #require(try await Self.progress(device))
        #expect((5_000..<6_000).contains(points))
        #expect(try await device.done("undo", "--list").output.contains("read: to 55."))
    }

    @Test("a signal ends the reader also where another process holds the file")
    func held() async throws {
        let device = try await Synced.device()
        let screen = try await Self.half(device)
        let pid = try String(contentsOfFile: device.folder.path + "/pid", encoding: .utf8)
        let holder = try DatabaseQueue(path: device.replica)
        try await holder.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            kill(try #require(pid_t(pid.filter(\.isNumber))), SIGTERM)
            try FullScreenTests.expectRestored(screen, device, status: 130)
            try db.execute(sql: "ROLLBACK")
        }
        #expect(try await Self.progress(device) == 0)
    }

    @Test("opened again it goes on there, and at its end it is complete")
    func again() async throws {
        let device = try await Synced.device()
        let screen = try await Self.half(device)
        try screen.press("q")
        try screen.wait("55%", isThere: false)
        try screen.press("Enter")
        try screen.wait("where you stopped")
        try screen.press("j", "q")
        try screen.wait("1/12")
        #expect(try await Self.progress(device) == 10_000)
    }

    @Test("what came from elsewhere meanwhile holds if it is further", arguments: [("90%", 90), ("10%", 55)])
    func elsewhere(_ percent: String, _ expected: Int) async throws {
        let device = try await Synced.device()
        let screen = try await Self.half(device)
        try await device.done("progress", try await device.articles()[0], percent)
        try screen.press("q")
        try screen.wait("55%", isThere: false)
        try screen.press("q")
        try screen.wait("ended 0")
        #expect(try await Self.progress(device).map { $0 / 100 } == expected)
    }
}
