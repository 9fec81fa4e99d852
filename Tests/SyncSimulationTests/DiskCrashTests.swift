import GRDB
import SyncSimulation
import Testing

@Suite("Simulated disk: crashes")
struct DiskCrashTests {
    /// What a database is in when the transaction of a test begins.
    enum Start: CaseIterable {
        /// The log is empty.
        case noLog
        /// It has a transaction, which its next one follows.
        case log
        /// It is to be written from its beginning again.
        case usedLog
    }

    static let before = 3

    /// A disk where the database has ``before`` transactions, all synced.
    static func start(_ start: Start, _ image: DiskImage, _ synchronous: Synchronous) throws
        -> (SimulatedDisk, DiskDatabase)
    {
        let disk = DiskDatabase.disk(image)
        let database = try DiskDatabase(disk, .full)
        // Opening wrote to the log already.
        try database.checkpoint()
        if start != .noLog {
            try database.queue.write { try $0.execute(sql: "UPDATE counted SET transactions = transactions") }
        }
        if start == .usedLog { _ = try database.queue.writeWithoutTransaction { try $0.checkpoint(.passive) } }
        try database.set(synchronous)
        return (disk, database)
    }

    /// Runs a body that is stopped at each of its operations in turn, until it gets through.
    ///
    /// - Parameters:
    ///   - make: what to run it on.
    ///   - check: looks at the disk after a loss of power. Told whether the body got through, and so was promised
    ///     durability.
    static func stop(
        seeds: Range<UInt64>, _ make: () throws -> (SimulatedDisk, DiskDatabase?),
        _ body: (SimulatedDisk, DiskDatabase?) throws -> Void, _ check: (SimulatedDisk, Bool) throws -> Void
    ) throws {
        var count = 0
        var isThrough = false
        while !isThrough {
            count += 1
            for last in SimulatedDisk.LastWrite.several {
                for seed in seeds {
                    let (disk, database) = try make()
                    disk.crash(afterMutations: count, last)
                    let code = sqliteCode { try body(disk, database) }
                    // A crash may hit a connection that closes, which tells nobody.
                    #expect(code == nil || disk.isCrashed)
                    if !disk.isCrashed { isThrough = true }
                    disk.powerCycle(.unsynced(seed: seed))
                    try check(disk, code == nil)
                }
            }
        }
        #expect(count > 3)
    }

    @Test(
        "with synchronous=FULL a transaction is there wholly or not at all, and for sure once its commit returned",
        arguments: Start.allCases)
    func full(_ start: Start) throws {
        let image = try DiskDatabase.image(Self.before)
        var counts: Set<Int> = []
        try Self.stop(seeds: 0..<8) {
            let (disk, database) = try Self.start(start, image, .full)
            return (disk, database)
        } _: { _, database in
            try database?.add()
        } _: { disk, isCommitted in
            let found = try DiskDatabase(disk).transactions()
            #expect(found == Self.before + 1 || (found == Self.before && !isCommitted))
            counts.insert(found)
        }
        #expect(counts == [Self.before, Self.before + 1])
    }

    @Test("with synchronous=OFF a loss of power takes a committed transaction, for some seeds")
    func off() throws {
        let image = try DiskDatabase.image(Self.before)
        var counts: Set<Int> = []
        for seed in 0..<30 {
            let (disk, database) = try Self.start(.log, image, .off)
            try database.add()
            disk.powerCycle(.unsynced(seed: UInt64(seed)))
            counts.insert(try DiskDatabase(disk).transactions())
        }
        #expect(counts == [Self.before, Self.before + 1])
    }

    /// Runs transactions, with a checkpoint every few pages, until a crash somewhere. Returns how many were committed.
    private func run(_ disk: SimulatedDisk, _ synchronous: Synchronous, stoppedAt count: Int) throws -> Int {
        let database = try DiskDatabase(disk, synchronous)
        try database.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 12") }
        disk.crash(afterMutations: count, .torn(sectors: count % 9))
        for committed in 0... {
            if sqliteCode({ try database.add() }) != nil { return committed }
        }
        return 0
    }

    @Test("with synchronous=NORMAL a loss of power takes the last commits at most, and leaves a whole database")
    func normal() throws {
        let image = try DiskDatabase.image(Self.before)
        var lost = 0
        for count in 1...240 {
            let disk = DiskDatabase.disk(image)
            let committed = try run(disk, .normal, stoppedAt: count)
            disk.powerCycle(.unsynced(seed: UInt64(count)))
            let found = try DiskDatabase(disk).transactions() - Self.before
            // The transaction at the crash may have come through.
            #expect((0...committed + 1).contains(found))
            lost += found < committed ? 1 : 0
        }
        #expect(lost > 0)
    }

    @Test("with synchronous=OFF a loss of power breaks a database that is checkpointed, for some seeds")
    func broken() throws {
        let image = try DiskDatabase.image(Self.before)
        var broken = 0
        for count in 100...160 {
            let disk = DiskDatabase.disk(image)
            _ = try run(disk, .off, stoppedAt: count)
            disk.powerCycle(.unsynced(seed: UInt64(count)))
            do { _ = try DiskDatabase(disk).transactions() } catch { broken += 1 }
        }
        #expect(broken > 0)
    }

    @Test(
        "with synchronous=FULL no commit is lost through checkpoints and crashes, nor with the process alone dead",
        arguments: [true, false])
    func checkpoints(_ losesPower: Bool) throws {
        let image = try DiskDatabase.image(Self.before)
        for count in 1...240 {
            let disk = DiskDatabase.disk(image)
            let committed = try run(disk, losesPower ? .full : .off, stoppedAt: count)
            disk.powerCycle(losesPower ? .unsynced(seed: UInt64(count)) : .none)
            let found = try DiskDatabase(disk).transactions() - Self.before
            #expect((committed...committed + 1).contains(found))
        }
    }

    @Test(
        "a checkpoint that is stopped at any of its operations loses nothing", arguments: [Synchronous.normal, .full])
    func checkpoint(_ synchronous: Synchronous) throws {
        let image = try DiskDatabase.image(Self.before)
        try Self.stop(seeds: 0..<6) {
            let (disk, database) = try Self.start(.log, image, .full)
            try database.add()
            try database.set(synchronous)
            return (disk, database)
        } _: { _, database in
            try database?.checkpoint()
        } _: { disk, _ in
            let found = try DiskDatabase(disk).transactions()
            #expect(found == Self.before + 1)
        }
    }

    @Test("a loss of power right after a clean close loses nothing, whether the log's deletion is undone or not")
    func close() throws {
        let image = try DiskDatabase.image(Self.before)
        var logs: Set<Bool> = []
        try Self.stop(seeds: 0..<6) {
            let (disk, database) = try Self.start(.usedLog, image, .full)
            try database.add()
            return (disk, database)
        } _: { disk, database in
            try database?.queue.close()
            // Closing tells nobody of errors.
            if disk.isCrashed { throw DatabaseError(resultCode: .SQLITE_IOERR) }
        } _: { disk, isClosed in
            if isClosed { logs.insert(disk.exists(DiskDatabase.file + "-wal")) }
            let database = try DiskDatabase(disk)
            #expect(try database.transactions() == Self.before + 1)
            try database.add()
            #expect(try database.transactions() == Self.before + 2)
        }
        #expect(logs == [true, false])
    }

    @Test("the making of a database that is stopped at any of its operations can be done again")
    func creation() throws {
        try Self.stop(seeds: 0..<3) {
            (SimulatedDisk(), nil)
        } _: { disk, _ in
            try DiskDatabase(disk).create()
        } _: { disk, isMade in
            let database = try DiskDatabase(disk)
            let tables = try database.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
            #expect(tables == 3 || (tables == 0 && !isMade))
            if tables == 0 { try database.create() }
            try database.add()
            #expect(try database.transactions() == 1)
        }
    }

    @Test("what a dead process wrote and did not sync is there, and may still be lost with the power")
    func unsyncedOfDead() throws {
        let image = try DiskDatabase.image(Self.before)
        var counts: Set<Int> = []
        for seed in 0..<20 as Range<UInt64> {
            let (disk, database) = try Self.start(.log, image, .normal)
            try database.add()
            disk.powerCycle(.none)
            let restarted = try DiskDatabase(disk, .off)
            #expect(try restarted.transactions() == Self.before + 1)
            disk.powerCycle(.unsynced(seed: seed))
            counts.insert(try DiskDatabase(disk).transactions())
        }
        #expect(counts == [Self.before, Self.before + 1])
    }

    @Test("handles of before a crash fail until they are closed, and harm no new ones")
    func stale() throws {
        let disk = DiskDatabase.disk(try DiskDatabase.image(Self.before))
        let old = try DiskDatabase(disk)
        try old.add()
        disk.crash(afterMutations: 1, .lost)
        #expect(sqliteCode { try old.add() } == .SQLITE_IOERR)
        #expect(disk.isCrashed)
        #expect(sqliteCode { _ = try DiskDatabase(disk) } == .SQLITE_CANTOPEN)
        disk.powerCycle(.none)
        #expect(!disk.isCrashed)
        let new = try DiskDatabase(disk)
        #expect(sqliteCode { try old.add() } == .SQLITE_IOERR)
        try new.add()
        try old.queue.close()
        try new.add()
        #expect(try DiskDatabase(disk).transactions() == Self.before + 3)
    }

    @Test("the same seed loses the same, and others lose otherwise")
    func sameSeed() throws {
        func lost(_ seed: UInt64) throws -> [UInt8]? {
            let disk = SimulatedDisk()
            let queue = try DatabaseQueue(path: disk.path("plain"))
            // No log and no journal, which SQLite salts by chance of its own.
            try queue.writeWithoutTransaction {
                try $0.execute(
                    sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE rows (bytes BLOB)")
                for _ in 0..<9 { try $0.execute(sql: "INSERT INTO rows VALUES (printf('%.*c', 3000, 'x'))") }
            }
            disk.powerCycle(.unsynced(seed: seed))
            return disk.bytes(of: "plain")
        }
        var different: Set<[UInt8]?> = []
        for seed in 0..<40 as Range<UInt64> {
            let first = try lost(seed)
            let second = try lost(seed)
            #expect(first == second)
            different.insert(first)
        }
        #expect(different.count > 5)
    }
}
