import GRDB
import SyncSimulation
import Testing

@Suite("Simulated disk: files and images")
struct DiskFileTests {
    @Test("an image taken while a connection is open and writing is a good database on another disk")
    func imageOfRunning() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(3))
        let database = try DiskDatabase(disk, .off)
        try database.add()
        let image = disk.image()
        try database.add()
        #expect(try database.transactions() == 5)
        for _ in 0..<2 {
            let clone = DiskDatabase.disk(image)
            let other = try DiskDatabase(clone)
            #expect(try other.transactions() == 4)
            // What one disk changes is not in the image, nor on the next disk.
            try other.add()
            try other.checkpoint()
        }
        #expect(image.size < disk.size)
    }

    @Test("an image in place of a disk's files makes open connections fail, and holds against a loss of power")
    func restored() throws {
        let image = try DiskDatabase.image(3)
        let disk = DiskDatabase.disk(image)
        let database = try DiskDatabase(disk)
        try database.add()
        disk.create("other")
        disk.restore(image)
        #expect(sqliteCode { try database.add() } == .SQLITE_IOERR)
        disk.powerCycle(.unsynced(seed: 1))
        #expect(disk.names == ["test.sqlite"])
        #expect(try DiskDatabase(disk).transactions() == 3)
    }

    @Test("files are made, named, read and taken away")
    func files() throws {
        let disk = SimulatedDisk()
        #expect(!disk.exists("b"))
        #expect(disk.size(of: "b") == nil)
        #expect(disk.bytes(of: "b") == nil)
        #expect(!disk.rename("b", to: "a"))
        #expect(!disk.remove("b"))
        #expect(disk.create("b"))
        #expect(disk.create("a"))
        #expect(disk.names == ["a", "b"])
        #expect(disk.bytes(of: "b") == [])
        #expect(disk.rename("b", to: "a"))
        #expect(disk.names == ["a"])
        #expect(disk.remove("a"))
        #expect(disk.names == [])
    }

    @Test("a file made anew is empty, and a database with its name starts from nothing")
    func emptied() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(1))
        #expect(disk.size(of: DiskDatabase.file) == disk.size)
        #expect(disk.create(DiskDatabase.file))
        #expect(disk.size == 0)
        let database = try DiskDatabase(disk)
        try database.create()
        #expect(try database.transactions() == 0)
    }

    @Test("damage changes the bytes it names, and only within the file")
    func damage() throws {
        let image = try DiskDatabase.image(1)
        let disk = DiskDatabase.disk(image)
        let before = try #require(disk.bytes(of: DiskDatabase.file))
        #expect(String(decoding: before.prefix(15), as: UTF8.self) == "SQLite format 3")
        #expect(disk.damage(DiskDatabase.file, at: 3, bits: 0x81))
        #expect(disk.overwrite(DiskDatabase.file, at: before.count - 2, with: [1, 2]))
        #expect(!disk.damage(DiskDatabase.file, at: before.count, bits: 1))
        #expect(!disk.overwrite(DiskDatabase.file, at: before.count - 1, with: [1, 2]))
        var expected = before
        expected[3] ^= 0x81
        expected.replaceSubrange((before.count - 2)..., with: [1, 2])
        #expect(disk.bytes(of: DiskDatabase.file) == expected)
        // The image that the bytes were shared with has the old ones.
        #expect(DiskDatabase.disk(image).bytes(of: DiskDatabase.file) == before)
        #expect(sqliteCode { _ = try DiskDatabase(disk) } == .SQLITE_NOTADB)
    }

    @Test("a new file that is not synced may be gone after a loss of power, and its name is never half there")
    func unsyncedName() {
        var kept: Set<[String]> = []
        for seed in 0..<50 {
            let disk = SimulatedDisk()
            disk.create("first")
            disk.create("second")
            disk.powerCycle(.unsynced(seed: UInt64(seed)))
            kept.insert(disk.names)
        }
        // In the order in which they were made.
        #expect(kept == [[], ["first"], ["first", "second"]])
    }

    @Test("a deletion may be undone by a loss of power, with what the file held")
    func undoneDeletion() throws {
        let image = try DiskDatabase.image(2)
        var kept: Set<Bool> = []
        for seed in 0..<30 {
            let disk = DiskDatabase.disk(image)
            disk.remove(DiskDatabase.file)
            #expect(disk.size == 0)
            disk.powerCycle(.unsynced(seed: UInt64(seed)))
            kept.insert(disk.exists(DiskDatabase.file))
            if disk.exists(DiskDatabase.file) { #expect(try DiskDatabase(disk).transactions() == 2) }
        }
        #expect(kept == [true, false])
    }

    @Test("a rename is durable, and all names before it are")
    func durableRename() {
        for seed in 0..<30 {
            let disk = SimulatedDisk()
            disk.create("draft")
            disk.create("other")
            disk.rename("draft", to: "final")
            disk.powerCycle(.unsynced(seed: UInt64(seed)))
            #expect(disk.names == ["final", "other"])
        }
    }
}
