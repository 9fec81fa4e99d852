import Foundation
import GRDB
@testable import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Testing

@Suite("A database of an earlier version") struct MigrationTests {
    /// A server over the database that version 1 left, by way of another one.
    private func upgraded(by way: String = "1") throws -> TestServer {
        let folder = try TestFolder()
        let dump = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/version-1.sql")
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: folder.path + "/server.sqlite", configuration: configuration)
        let sql = try String(contentsOf: dump, encoding: .utf8)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try Schema.migrator.migrate(queue, upTo: way)
        try queue.close()
        let clock = ManualClock()
        let store = try SQLiteServerStore(
            path: folder.path + "/server.sqlite", clock: clock, random: SeededRandomSource(seed: 1))
        var draw = RandomDraw(SeededRandomSource(seed: 9))
        let device = try store.addDevice("laptop", of: "anna", at: clock.now(), using: &draw)
        return try TestServer(folder: folder, token: device.token)
    }

    @Test("knows no article as withdrawn, and withdraws as any other does", arguments: ["1", "2"])
    func withdrawing(by way: String) async throws {
        let server = try upgraded(by: way)
        let before = try await server.head()
        let withdrawal = try #require(
            try server.store.withdraw(named: ["https://pub.example/one"], at: server.clock.now()).first)
        #expect(withdrawal.isNew && withdrawal.number == 1)
        #expect(try await server.entries().last == .removed(number: 1))
        #expect(try await server.head().count == before.count + 1)
        #expect(try server.store.withdraw([withdrawal.article], at: server.clock.now()) == 0)
    }

    @Test(
        "learns the device of a replica that sent changes before, with the first sync of either kind",
        arguments: ["1", "2", "3", "4"])
    func devices(by way: String) async throws {
        let server = try upgraded(by: way)
        let replica = ReplicaID(rawValue: 0xA1)
        try await server.store.database.write { db in
            try db.execute(sql: "INSERT INTO replica_mark (reader, replica, high_water) SELECT id, 161, 3 FROM reader")
        }
        let first = try await server.sync(by: replica.rawValue)
        #expect(first.account?.account.devices == [:])
        let second = try await server.sync(by: replica.rawValue, account: first.account?.version)
        #expect(second.account?.account.devices == [replica: "laptop"])
    }

    private func item(_ guid: String, _ link: String, _ title: String, _ text: String, day: Int) -> String {
        """
        <item>\(guid)<link>\(link)</link><title>\(title)</title><description>\(text)</description>
        <pubDate>\(day == 3 ? "Mon" : "Tue"), 0\(day) Mar 2025 06:00:00 GMT</pubDate></item>
        """
    }

    @Test("keeps its history, byte for byte")
    func history() async throws {
        let server = try upgraded()
        let head = try await server.head()
        #expect(head.generation == "2d60bf6628c24d29" && head.count == 5)
        #expect(head.hash.description == "02ad857fa7c8454968d55663af1c1f2a")
    }

    @Test("keeps its sources under the names they had, and they are due at once")
    func sources() async throws {
        let server = try upgraded()
        let sources = try server.store.feedSources()
        let source = try #require(sources.first)
        #expect(sources.count == 1 && source.url == "https://www.pub.example/feeds/all.xml")
        #expect(source.publication == "pub.example" && source.feed == "all" && source.title == "The Publication")
        #expect(source.checked == source.due && source.changed == nil && !source.isGone && source.failures == 0)
    }

    @Test("knows its articles by their pages and guids, so that renamed ones are no new ones and no corrections")
    func aliases() async throws {
        let server = try upgraded()
        let before = try await server.head()
        let report = try #require(
            try await server.ingest(
                [
                    (
                        "all",
                        rss([
                            item(
                                "<guid isPermaLink=\"false\">post-2</guid>", "https://pub.example/two",
                                "Two, corrected", "The second.", day: 4),
                            item(
                                "<guid>https://www.pub.example/?p=1&amp;utm_source=x</guid>",
                                "https://pub.example/one-renamed", "One", "The first.", day: 3),
                        ])
                    )
                ], publication: "pub.example"
            ).first)
        #expect(report.added == 0 && report.entries == 2)
        // The first article's page is another one now; the second says what it said.
        #expect(report.corrected == 1)
        let last = try #require(try await server.articles().last)
        #expect(last.number == 1 && last.revision == 2 && last.url == "https://pub.example/one-renamed")
        #expect(last.id.description == "2734481e2e5b73913dd9ef432044dd98")
        #expect(try await server.head().count == before.count + 1)
    }
}
