import FoundationEssentials
import GRDB
import SyncSimulation
import Testing

@Suite("Simulated disk")
struct DiskTests {
    @Test("two connections in WAL mode see each other's commits")
    func twoConnections() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(2))
        let first = try DiskDatabase(disk)
        let second = try DiskDatabase(disk)
        try first.add()
        #expect(try second.transactions() == 3)
        try second.add()
        #expect(try first.transactions() == 4)
        #expect(try first.setting("journal_mode") == "wal")
        #expect(try first.setting("synchronous") == "2")
        #expect(disk.names == ["test.sqlite", "test.sqlite-wal"])
    }

    @Test("a reader keeps its snapshot while another connection commits and checkpoints")
    func snapshot() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(1))
        let reader = try DiskDatabase(disk)
        let writer = try DiskDatabase(disk)
        try reader.queue.read { database in
            let before = try Int.fetchOne(database, sql: "SELECT transactions FROM counted")
            try writer.add()
            _ = try writer.queue.writeWithoutTransaction { try $0.checkpoint(.passive) }
            let after = try Int.fetchOne(database, sql: "SELECT transactions FROM counted")
            #expect(before == 1)
            #expect(after == 1)
        }
        #expect(try reader.transactions() == 2)
    }

    @Test("in WAL mode one connection writes at a time, and a log that is read is not cut off")
    func oneWriter() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(1))
        let first = try DiskDatabase(disk)
        let second = try DiskDatabase(disk)
        try first.queue.write { database in
            try database.execute(sql: "UPDATE counted SET transactions = transactions")
            #expect(sqliteCode { try second.add() } == .SQLITE_BUSY)
        }
        try first.queue.read { database in
            _ = try Int.fetchOne(database, sql: "SELECT transactions FROM counted")
            try second.add()
            #expect(sqliteCode { try second.checkpoint() } == .SQLITE_BUSY)
        }
        try second.checkpoint()
        #expect(disk.size(of: DiskDatabase.file + "-wal") == 0)
    }

    @Test("a database in rollback mode lets one connection write and others read until it commits")
    func rollbackMode() throws {
        let disk = SimulatedDisk()
        var configuration = Configuration()
        configuration.busyMode = .immediateError
        let first = try DatabaseQueue(path: disk.path("plain"), configuration: configuration)
        let second = try DatabaseQueue(path: disk.path("plain"), configuration: configuration)
        try first.write { try $0.execute(sql: "CREATE TABLE numbers (number INTEGER)") }
        try first.write { database in
            try database.execute(sql: "INSERT INTO numbers VALUES (1)")
            #expect(sqliteCode { try second.write { _ in } } == .SQLITE_BUSY)
            #expect(try second.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM numbers") } == 0)
        }
        try second.write { try $0.execute(sql: "INSERT INTO numbers VALUES (2)") }
        #expect(try first.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM numbers") } == 2)
        #expect(disk.names == ["plain"])
    }

    @Test("paths outside of simulated disks go to the real file system")
    func outside() throws {
        let disk = SimulatedDisk()
        let folder = FileManager.default.temporaryDirectory.path + "/disk-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let queue = try DatabaseQueue(path: folder + "/real.sqlite")
        try queue.write { try $0.execute(sql: "CREATE TABLE numbers (number INTEGER)") }
        #expect(FileManager.default.fileExists(atPath: folder + "/real.sqlite"))
        #expect(disk.names.isEmpty)
    }

    @Test("a disk that is gone cannot be opened")
    func gone() throws {
        var disk: SimulatedDisk? = SimulatedDisk()
        let path = try #require(disk).path("test.sqlite")
        disk = nil
        #expect(sqliteCode { _ = try DatabaseQueue(path: path) } == .SQLITE_CANTOPEN)
    }

    @Test("disks are freed with their objects and connections")
    func freed() throws {
        let image = try DiskDatabase.image(1)
        let before = SimulatedDisk.live
        for round in 0..<400 {
            let disk = DiskDatabase.disk(image)
            if round % 4 == 0 { try DiskDatabase(disk).add() }
        }
        // Tests beside this one have disks of their own.
        #expect(SimulatedDisk.live < before + 200)
    }

    @Test("an open connection outlives the disk's object")
    func outlived() throws {
        var disk: SimulatedDisk? = DiskDatabase.disk(try DiskDatabase.image(1))
        let database = try DiskDatabase(try #require(disk))
        disk = nil
        try database.add()
        #expect(try database.transactions() == 2)
    }

    @Test("the same seed gives SQLite the same chance")
    func chance() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(0))
        let database = try DiskDatabase(disk)
        func draw(_ seed: UInt64) throws -> Int64? {
            try database.queue.read { connection in
                SimulatedDisk.seedRandomness(seed)
                return try Int64.fetchOne(connection, sql: "SELECT random()")
            }
        }
        // Another test of the process may draw between the seed and the draw: not every time.
        var equal = 0
        var unequal = 0
        for _ in 0..<20 {
            equal += try draw(7) == draw(7) ? 1 : 0
            unequal += try draw(7) != draw(8) ? 1 : 0
        }
        #expect(equal > 0)
        #expect(unequal == 20)
    }

    @Test("counts of calls grow with what SQLite does")
    func counters() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(0))
        let database = try DiskDatabase(disk)
        try database.add()
        let before = disk.counters
        try database.add()
        let after = disk.counters
        #expect(after.syncs == before.syncs + 1)
        // Each page has a header of its own in the log.
        let writes = after.writes - before.writes
        #expect(after.bytesWritten - before.bytesWritten == writes / 2 * (24 + 4096))
        #expect(after.mutations - before.mutations == writes + 1)
    }
}
