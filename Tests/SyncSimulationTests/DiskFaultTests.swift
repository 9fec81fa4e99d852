import GRDB
import SyncSimulation
import Testing

@Suite("Simulated disk: faults")
struct DiskFaultTests {
    @Test("a full disk is an error to SQLite, and the database goes on when there is room again")
    func full() throws {
        let image = try DiskDatabase.image(2)
        // From no room at all to all but the last few bytes of a transaction.
        for room in stride(from: 0, to: 12_000, by: 1_111) {
            let disk = DiskDatabase.disk(image)
            let database = try DiskDatabase(disk)
            let limit = disk.size + room
            disk.limit(bytes: limit)
            #expect(sqliteCode { try database.add() } == .SQLITE_FULL)
            // What fitted of the last write is there.
            #expect(disk.size == limit)
            #expect(try database.transactions() == 2)
            disk.limit(bytes: nil)
            try database.add()
            #expect(try database.transactions() == 3)
        }
    }

    @Test("a disk that is full during a checkpoint loses nothing")
    func fullAtCheckpoint() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(2))
        let database = try DiskDatabase(disk)
        for _ in 0..<5 { try database.add() }
        disk.limit(bytes: disk.size)
        #expect(sqliteCode { try database.checkpoint() } == .SQLITE_FULL)
        #expect(try database.transactions() == 7)
        disk.clearFaults()
        try database.checkpoint()
        #expect(try database.transactions() == 7)
    }

    @Test("one failed call fails one transaction only", arguments: [SimulatedDisk.CallKind.write, .sync])
    func oneFailure(_ kind: SimulatedDisk.CallKind) throws {
        let image = try DiskDatabase.image(2)
        for count in 0..<(kind == .sync ? 1 : 5) {
            let disk = DiskDatabase.disk(image)
            let database = try DiskDatabase(disk)
            disk.fail(kind, after: count, times: 1)
            #expect(sqliteCode { try database.add() } == .SQLITE_IOERR)
            try database.add()
            #expect(try database.transactions() == 3)
            #expect(try DiskDatabase(disk).transactions() == 3)
        }
    }

    @Test("a fault that repeats ends after as many calls")
    func repeatedFailure() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(2))
        let database = try DiskDatabase(disk)
        try database.add()
        disk.fail(.write, after: 0, times: 3)
        for _ in 0..<3 { #expect(sqliteCode { try database.add() } == .SQLITE_IOERR) }
        try database.add()
        #expect(try database.transactions() == 4)
    }

    @Test("a failed read, truncation, deletion, opening or mapping is an error of that kind")
    func otherFailures() throws {
        let image = try DiskDatabase.image(20)
        let disk = DiskDatabase.disk(image)
        disk.fail(.open, after: 0, times: 1)
        #expect(sqliteCode { _ = try DiskDatabase(disk) } == .SQLITE_CANTOPEN)
        disk.fail(.share, after: 0, times: 1)
        #expect(sqliteCode { _ = try DiskDatabase(disk) } == .SQLITE_IOERR)
        let database = try DiskDatabase(disk)
        disk.fail(.read, after: 0, times: 1)
        let query = "SELECT sum(length(bytes)) FROM rows"
        #expect(sqliteCode { _ = try database.queue.read { try Int.fetchOne($0, sql: query) } } == .SQLITE_IOERR)
        try database.add()
        disk.fail(.truncate, after: 0, times: 1)
        #expect(sqliteCode { try database.checkpoint() } == .SQLITE_IOERR)
        #expect(try database.transactions() == 21)
        // SQLite ignores that it cannot delete the log of a database that it closes.
        disk.fail(.delete, after: 0, times: 1)
        try database.queue.close()
        #expect(disk.exists(DiskDatabase.file + "-wal"))
        #expect(try DiskDatabase(disk).transactions() == 21)
    }

    @Test("a lock that is held for some attempts delays a transaction, which really sleeps for none of them")
    func heldForSome() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(2))
        let database = try DiskDatabase(disk)
        let slept = SimulatedDisk.slept
        disk.holdLocks(attempts: 10)
        try database.add()
        #expect(try database.transactions() == 3)
        #expect(disk.counters.busy == 10)
        // 1 + 2 + 5 + 10 + 15 + 20 + 25 + 25 + 25 + 50 milliseconds (SQLite's default busy handler).
        #expect(SimulatedDisk.slept - slept >= 178_000)
    }

    @Test("a lock that is held for longer than the busy timeout is SQLITE_BUSY, without a real wait")
    func heldForever() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(2))
        // A real wait for so long would be noticed.
        let database = try DiskDatabase(disk, busyTimeout: 3_600)
        let slept = SimulatedDisk.slept
        disk.holdLocks(attempts: .max)
        #expect(sqliteCode { try database.add() } == .SQLITE_BUSY)
        #expect(SimulatedDisk.slept - slept >= 3_500_000_000)
        #expect(try database.transactions() == 2)
        disk.clearFaults()
        try database.add()
        #expect(try database.transactions() == 3)
    }

    @Test("any lock can be held for a few attempts, and a reader waits as a writer does")
    func heldForReaders() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(2))
        let database = try DiskDatabase(disk)
        disk.holdLocks(attempts: 3, .any)
        #expect(try database.transactions() == 2)
        #expect(disk.counters.busy == 3)
    }
}
