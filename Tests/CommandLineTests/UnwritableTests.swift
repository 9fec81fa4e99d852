import Foundation
import Glibc
import SQLiteReplica
import SyncCore
import Testing

@Suite("Where nothing can be written", .enabled(if: SmallVolume.isPossible, SmallVolume.need))
struct UnwritableTests {
    /// A device whose replica is alone on a volume of 8 MB, and holds two articles.
    private struct Site {
        let volume: SmallVolume
        let device: Device
        let host: FeedHost
        let ids: [String]

        var replica: String { volume.path + "/replica.sqlite" }

        init() async throws {
            (volume, device, host) = try (SmallVolume(bytes: 8 << 20), Device(), FeedHost())
            host.publish("/feed", feed: host.rss([("a1", "Tide Tables"), ("a2", "Pilot Boats")]))
            let place = ["READER_SYNC_REPLICA": volume.path + "/replica.sqlite"]
            try await device.done("add", host.url + "/feed", environment: place)
            let items = try await device.done("list", "--json", environment: place).items()
            ids = try items.map { try #require($0["id"] as? String) }
            for suffix in ["-shm", "-wal"] { unlink(volume.path + "/replica.sqlite" + suffix) }
        }

        func run(_ words: String...) async throws -> Outcome {
            try await CommandLineTests.run(
                .client, words, in: device.folder.path,
                environment: device.environment.merging(["READER_SYNC_REPLICA": replica]) { $1 })
        }

        /// Saves an article so that this is in the write-ahead log alone, as after a kill.
        func saveInTheLog() throws {
            let open = try Replica(opening: replica)
            let id = try #require(ArticleID(ids[0]))
            _ = try open.record([try #require(Edit.saved(id, true))], at: WallTime(milliseconds: 1))
            let copies = ["", "-wal"].map { ($0, device.folder.path + "/copy" + $0) }
            for (suffix, copy) in copies { try FileManager.default.copyItem(atPath: replica + suffix, toPath: copy) }
            try open.close()
            for (suffix, copy) in copies {
                unlink(replica + suffix)
                try FileManager.default.copyItem(atPath: copy, toPath: replica + suffix)
            }
        }

        /// All that only reads shows what is there.
        func expectReadable(saved: Int) async throws {
            let list = try await run("list", "--json")
            #expect(try list.items().count == 2, "\(list)")
            #expect(try await run("list", "--saved", "--json").items().count == saved)
            let shown = try await run("show", ids[1])
            #expect(shown.status == 0 && shown.output.contains("Pilot Boats"), "\(shown)")
            #expect(shown.errors.contains("not marked read: "), "\(shown)")
            #expect(try await run("search", "pilot", "--json").items().count == 1)
            #expect(try await run("status").status == 0)
            #expect(try await run("feeds", "--json").items().count == 1)
        }
    }

    @Test(
        "a full disk is no obstacle to reading, and what would write says so and loses nothing",
        arguments: [false, true])
    func full(hasLog: Bool) async throws {
        let site = try await Site()
        if hasLog { try site.saveInTheLog() }
        site.volume.fill()
        try await site.expectReadable(saved: hasLog ? 1 : 0)
        for words in [["save", site.ids[1]], ["sync"]] {
            let outcome = try await CommandLineTests.run(
                .client, words, in: site.device.folder.path,
                environment: site.device.environment.merging(["READER_SYNC_REPLICA": site.replica]) { $1 })
            #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.errors.contains("the disk is full: no room is left for"), "\(outcome)")
            #expect(outcome.errors.contains("nothing is lost; free some space"), "\(outcome)")
            #expect(outcome.errors.split(separator: "\n").count <= 2, "\(outcome)")
        }
        let doctor = try await site.run("doctor", "--offline")
        #expect(doctor.status == 1 && doctor.output.contains("fail  space        the disk is full"), "\(doctor)")
        #expect(doctor.output.contains("→ nothing is lost; free some space"), "\(doctor)")
        site.volume.empty()
        #expect(try await site.run("save", site.ids[1]).status == 0)
        #expect(try await site.run("list", "--saved", "--json").items().count == (hasLog ? 2 : 1))
        #expect(try Replica(opening: site.replica).checkIntegrity() == [])
    }

    @Test("the full-screen reader opens on a full disk, says that nothing can be marked, and shows articles")
    func reader() async throws {
        let site = try await Site()
        site.volume.fill()
        let outcome = try await PseudoTerminal.run(
            ["read"], site.device, ["READER_SYNC_REPLICA": site.replica, "LANG": "C.UTF-8"],
            turns: [
                Turn(after: "nothing can be marked: ", type: "\r"), Turn(after: "About ", type: "q"),
                Turn(after: "Enter:open", type: "q"),
            ])
        #expect(outcome.status == 0, "\(outcome)")
        site.volume.empty()
        #expect(try await site.run("list", "--unread", "--json").items().count == 2)
    }

    @Test("a disk that fills up while the replica is open ends a sync and a mark with one message")
    func fullWhileOpen() async throws {
        let site = try await Site()
        // Whose shared memory lets the others get as far as their first write.
        let open = try Replica(opening: site.replica)
        site.host.publish("/feed", feed: site.host.rss([("a3", "Buoys"), ("a4", "Lights")]))
        site.volume.fill()
        for outcome in [try await site.run("save", site.ids[1]), try await site.run("sync")] {
            #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.errors.contains("the disk is full: no room is left for"), "\(outcome)")
            #expect(outcome.errors.split(separator: "\n").count == 2, "\(outcome)")
        }
        try open.close()
        site.volume.empty()
        #expect(try await site.run("sync", "--json").status == 0)
        #expect(try await site.run("list", "--json").items().count == 4)
    }

    @Test("a replica on a read-only medium is read there, and marks are refused with the reason")
    func readOnly() async throws {
        let site = try await Site()
        try site.volume.makeReadOnly()
        try await site.expectReadable(saved: 0)
        for words in [["save", site.ids[1]], ["sync"]] {
            let outcome = try await CommandLineTests.run(
                .client, words, in: site.device.folder.path,
                environment: site.device.environment.merging(["READER_SYNC_REPLICA": site.replica]) { $1 })
            #expect(outcome.status == 1, "\(words) \(outcome)")
            #expect(outcome.errors.contains("cannot be written: it is on a read-only medium"), "\(outcome)")
            #expect(outcome.errors.contains("it can still be read"), "\(outcome)")
        }
        let doctor = try await site.run("doctor", "--offline")
        #expect(doctor.output.contains("warn  replica") && doctor.output.contains("read-only medium"), "\(doctor)")
    }

    @Test("a log with something in it that a read-only medium keeps from being read is not passed over")
    func readOnlyLog() async throws {
        let site = try await Site()
        try site.saveInTheLog()
        unlink(site.replica + "-shm")
        try site.volume.makeReadOnly()
        let outcome = try await site.run("list")
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains("replica.sqlite-wal holds cannot be read"), "\(outcome)")
        #expect(outcome.errors.contains("copy both files"), "\(outcome)")
    }

    @Test("with the log's index beside it, also a read-only medium gives what only the log has")
    func readOnlyIndexed() async throws {
        let site = try await Site()
        try site.saveInTheLog()
        _ = FileManager.default.createFile(atPath: site.replica + "-shm", contents: Data())
        try site.volume.makeReadOnly()
        try await site.expectReadable(saved: 1)
    }
}
