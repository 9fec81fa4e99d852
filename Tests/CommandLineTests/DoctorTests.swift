import Foundation
import Glibc
import SQLiteReplica
import SyncCore
import Testing

@testable import ReaderSyncCLI

@Suite("doctor")
struct DoctorTests {
    /// The grades by what was examined.
    private func grades(_ outcome: Outcome) throws -> [String: String] {
        try Dictionary(
            uniqueKeysWithValues: outcome.items().map { ($0["name"] as? String ?? "", $0["grade"] as? String ?? "") })
    }

    /// Overwrites bytes of a device's replica, from an offset to its end or for a length.
    private func damage(_ device: Device, from offset: UInt64, length: Int? = nil) throws {
        let file = try FileHandle(forUpdating: URL(filePath: device.replica))
        let size = try file.seekToEnd()
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(repeating: 0xEE, count: length ?? Int(size - offset)))
        try file.close()
    }

    @Test("all is well with a synced replica, and the server, the clock and the token are asked")
    func well() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        let grades = try grades(try await device.done("doctor", "--json"))
        #expect(Set(grades.values) == ["ok"], "\(grades)")
        #expect(grades.keys.contains("token") && grades.keys.contains("clock") && grades.keys.contains("server"))
        #expect(try await device.done("doctor").output.contains("ok    integrity"))
        #expect(try await device.done("doctor", "--quiet").output.isEmpty)
    }

    @Test("a server that is away fails with 4, a wrong token with 7, and --offline asks neither")
    func network() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        let wrong = try await device.run("doctor", "--json", environment: ["READER_SYNC_TOKEN": "wrong-token-here"])
        #expect(wrong.status == 7)
        #expect(try grades(wrong)["token"] == "fail")
        server.stop()
        let away = try await device.run("doctor")
        #expect(away.status == 4 && away.output.contains("fail  server"))
        try await device.done("doctor", "--offline")
    }

    @Test("Ctrl-C while the server is asked ends with 130: it says nothing of the network")
    func interrupted() async throws {
        let server = try DeafServer()
        let device = try Device()
        try await device.done("init", "--server", server.url)
        #expect(try await server.interrupting(["doctor"], on: device) == 130)
    }

    @Test("what should be looked after is a warning with the command for it, and no failure")
    func warnings() async throws {
        let device = try await Synced.device()
        try await device.done("save", try await device.articles()[0])
        chmod(device.replica, 0o644)
        let outcome = try await device.done("doctor", "--offline", "--json")
        let grades = try grades(outcome)
        #expect(grades["permissions"] == "warn" && grades["pending"] == "warn" && grades["integrity"] == "ok")
        let remedies = try outcome.items().compactMap { $0["remedy"] as? String }
        #expect(remedies.contains("chmod go= '\(device.replica)'") && remedies.contains("reader-sync sync"))
    }

    @Test("no replica is 3 with how to begin")
    func none() async throws {
        let outcome = try await Device().run("doctor")
        #expect(outcome.status == 3 && outcome.output.contains("reader-sync add URL"))
    }

    @Test("a damaged replica is 6, and --rebuild makes a new one that has what was not sent; the sync brings the rest")
    func rebuild() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        let ids = try await device.articles()
        try await device.done("save", ids[0])
        try await device.done("sync")
        try await device.done("note", ids[1], "not sent yet")
        try await device.done("read", ids[2])
        try await device.done("read", ids[2])
        let before = try await device.exported()
        // The articles' pages are in the middle; the change log's few rows are not.
        let page = try Self.rootPage(of: "article_body", device.replica)
        try damage(device, from: UInt64(page - 1) * 4_096, length: 4_096)
        let sick = try await device.run("doctor", "--offline", "--json")
        #expect(sick.status == 6)
        #expect(try sick.error()["remedy"] as? String == "reader-sync doctor --rebuild")
        let rebuilt = try await device.done("doctor", "--rebuild", "--json").json()
        #expect(rebuilt["changes"] as? Int == 2 && (rebuilt["losses"] as? [Any])?.isEmpty == true, "\(rebuilt)")
        #expect(FileManager.default.fileExists(atPath: try #require(rebuilt["damaged"] as? String)))
        #expect(try await device.done("sync", "--json").json()["sent"] as? Int == 2)
        #expect(try await device.articles() == ids)
        #expect(try await device.done("note", ids[1]).output == "not sent yet\n")
        #expect(try await device.done("list", "--saved", "--json").items().count == 1)
        #expect(try await device.exported() == before)
        try await device.done("doctor")
    }

    @Test("feeds of one's own, their folders and marks survive a rebuild")
    func rebuildFeeds() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss([("a1", "Tide Tables"), ("a2", "Pilot Boats")]))
        let device = try Device()
        try await device.done("add", host.url + "/feed", "--tag", "Sea", "--title", "Mine")
        let ids = try await device.articles()
        try await device.done("save", ids[0])
        let page = try Self.rootPage(of: "article_body", device.replica)
        try damage(device, from: UInt64(page - 1) * 4_096, length: 4_096)
        try await device.done("doctor", "--rebuild")
        try await device.done("sync")
        let feed = try #require(try await device.done("feeds", "--json").items().first)
        #expect(feed["title"] as? String == "Mine" && feed["articles"] as? Int == 2)
        #expect(
            try await device.done("list", "--folder", "Sea", "--saved", "--json").items().map { $0["id"] as? String }
                == [ids[0]])
    }

    @Test("rows of the change log beside a damaged page of it are saved, and what is lost is said")
    func damagedLog() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        let replica = try Replica(opening: device.replica)
        // Enough rows for several pages.
        for round in 0..<40 {
            for id in ids {
                let tag = try #require(TagName("tag-\(round)-of-some-length"))
                let article = try #require(ArticleID(id))
                let edit = try #require(Edit.tag(article, tag, true))
                _ = try replica.record([edit], at: WallTime(milliseconds: 1))
            }
        }
        try replica.close()
        let page = try Self.leaf(of: "change", device.replica)
        try damage(device, from: UInt64(page - 1) * 4_096, length: 4_096)
        let rescue = Replica.rescue(from: device.replica)
        #expect(rescue.changes.count > 200 && rescue.changes.count < 480, "\(rescue.changes.count)")
        #expect(rescue.unreadable > 0 && rescue.unreadable + rescue.changes.count >= 480, "\(rescue.unreadable)")
        let outcome = try await device.done("doctor", "--rebuild")
        #expect(outcome.errors.contains("cannot be read"))
        #expect(try await device.done("status", "--json").json()["pending"] as? Int == rescue.changes.count)
    }

    @Test("damage in what describes the tables leaves the tables before it readable, and the server known")
    func damagedSchema() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        let ids = try await device.articles()
        try await device.done("note", ids[0], "not sent yet")
        try damageSchema(device, leaf: 3)
        let sick = try await device.run("list")
        #expect(sick.status == 6 && sick.errors.contains("reader-sync doctor --rebuild"), "\(sick)")
        let rebuilt = try await device.done("doctor", "--rebuild", "--json").json()
        #expect(rebuilt["changes"] as? Int == 1, "\(rebuilt)")
        #expect(try await device.done("sync", "--json").json()["sent"] as? Int == 1)
        #expect(try await device.articles() == ids)
    }

    @Test("of feeds whose own table is not known any more the addresses are saved")
    func damagedFeeds() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss([("a1", "Tide Tables")]))
        let device = try Device()
        try await device.done("add", host.url + "/feed", "--title", "Mine")
        try damageSchema(device, leaf: 3)
        let outcome = try await device.done("doctor", "--rebuild")
        #expect(outcome.output.contains("1 feed") && outcome.errors.contains("only the addresses"), "\(outcome)")
        #expect(!outcome.errors.contains("SELECT"), "\(outcome)")
        try await device.done("sync")
        #expect(try await device.articles().count == 1)
    }

    @Test("a rebuild that finds nothing ends with 6, says what is lost, and keeps the damaged file")
    func rebuildInVain() async throws {
        let device = try await Synced.device()
        try await device.done("note", try await device.articles()[0], "not sent yet")
        try damageSchema(device, leaf: 0)
        let outcome = try await device.run("doctor", "--rebuild")
        #expect(outcome.status == 6, "\(outcome)")
        #expect(outcome.output.contains("the damaged file is "), "\(outcome)")
        #expect(outcome.errors.contains("nothing that was not sent, and no feed, could be read"), "\(outcome)")
        #expect(outcome.errors.contains("reader-sync login URL"), "\(outcome)")
    }

    @Test("a rebuild that was stopped is finished by the next one, with what it had saved")
    func stopped() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        try await device.done("note", ids[0], "saved by the first run")
        _ = try SQLiteFile.number("SELECT 1", device.replica)
        // What a first run leaves that is stopped between putting the new file together and giving it its place.
        try FileManager.default.copyItem(atPath: device.replica, toPath: device.replica + ".rebuilt")
        try await device.done("read", ids[1])
        try await device.done("note", ids[0], "and what came after")
        let page = try Self.rootPage(of: "article_body", device.replica)
        try damage(device, from: UInt64(page - 1) * 4_096, length: 4_096)
        #expect(try await device.done("doctor", "--rebuild", "--json").json()["changes"] as? Int == 2)
        #expect(!FileManager.default.fileExists(atPath: device.replica + ".rebuilt"))
        let log = try await device.done("log", "--json").items()
        #expect(log.contains { $0["value"] as? String == "and what came after" })
        // And between the two renames: the damaged file is gone from its place already.
        try FileManager.default.moveItem(atPath: device.replica, toPath: device.replica + ".rebuilt")
        let finished = try await device.done("doctor", "--rebuild", "--json").json()
        #expect(finished["changes"] as? Int == 2 && finished["damaged"] is NSNull)
    }

    @Test("changes that the server did not take are saved with their reasons")
    func setAside() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        try await device.done("consent", "grant", "brandOffers", "--yes")
        try await server.administer(
            "consent", "publish", "brandOffers", "--version", "4", "--text", "May we write to you daily?", "--policy",
            "2026-01", "--terms", "2025-06")
        try await device.done("sync")
        let page = try Self.rootPage(of: "article_body", device.replica)
        try damage(device, from: UInt64(page - 1) * 4_096, length: 4_096)
        #expect(try await device.done("doctor", "--rebuild", "--json").json()["setAside"] as? Int == 1)
        let aside = try #require(try await device.done("set-aside", "--json").items().first)
        #expect(aside["reason"] as? String == "wordingOutdated" && aside["name"] as? String == "brandOffers")
        #expect(try await device.done("status", "--json").json()["pending"] as? Int == 0)
    }

    @Test("a whole replica, another file and a file of another program are left alone by --rebuild")
    func refused() async throws {
        let device = try await Synced.device()
        #expect(try await device.run("doctor", "--rebuild").status == 2)
        let other = device.folder.path + "/notes.txt"
        try String(repeating: "my notes\n", count: 100).write(toFile: other, atomically: true, encoding: .utf8)
        #expect(try await device.run("doctor", "--rebuild", "--replica", other).status == 2)
        #expect(try String(contentsOfFile: other, encoding: .utf8).hasPrefix("my notes"))
        // Damage that took the mark: at the usual place it can only have been the replica.
        _ = try SQLiteFile.number("SELECT 1", device.replica)
        try damage(device, from: 0)
        let rebuilt = try await device.run("doctor", "--rebuild", "--json")
        #expect(try rebuilt.json()["changes"] as? Int == 0)
        #expect(try (rebuilt.json()["losses"] as? [Any])?.isEmpty == false)
        #expect(rebuilt.status == 6 && rebuilt.errors.contains("nothingSaved"), "\(rebuilt)")
    }

    /// Overwrites a page of the schema: of the leaves of its table the one with this place, in the order of its rows.
    private func damageSchema(_ device: Device, leaf: Int) throws {
        let page = try SQLiteFile.number(
            "SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET \(leaf)",
            device.replica)
        try damage(device, from: UInt64(page - 1) * 4_096, length: 4_096)
    }

    /// The page that a table begins at, by SQLite's own account.
    private static func rootPage(of table: String, _ path: String) throws -> Int {
        try SQLiteFile.number("SELECT rootpage FROM sqlite_schema WHERE name = '\(table)'", path)
    }

    /// A page in the middle of a table's rows.
    private static func leaf(of table: String, _ path: String) throws -> Int {
        try SQLiteFile.number(
            "SELECT pageno FROM dbstat WHERE name = '\(table)' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 3",
            path)
    }
}
