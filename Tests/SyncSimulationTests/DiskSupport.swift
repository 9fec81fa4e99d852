import GRDB
import SyncSimulation

/// SQLite's settings for when a commit is durable.
enum Synchronous: String {
    case off = "OFF"
    case normal = "NORMAL"
    case full = "FULL"
}

/// A small database for the tests of the disk: a count of transactions, and rows that each of them adds.
struct DiskDatabase {
    static let file = "test.sqlite"
    static let rows = 4

    let queue: DatabaseQueue

    init(_ disk: SimulatedDisk, _ synchronous: Synchronous = .full, busyTimeout: Double = 5) throws {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(busyTimeout)
        queue = try DatabaseQueue(path: disk.path(Self.file), configuration: configuration)
        try set(synchronous)
    }

    func set(_ synchronous: Synchronous) throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)")
        }
    }

    func create() throws {
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE counted (transactions INTEGER NOT NULL);
                    INSERT INTO counted VALUES (0);
                    CREATE TABLE rows (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, bytes BLOB NOT NULL);
                    CREATE INDEX rows_number ON rows (number);
                    """)
        }
    }

    /// One transaction, of several pages.
    func add() throws {
        try queue.write { database in
            try database.execute(sql: "UPDATE counted SET transactions = transactions + 1")
            for _ in 0..<Self.rows {
                try database.execute(
                    sql: """
                        INSERT INTO rows (number, bytes)
                        SELECT transactions * 7919 % 1000, randomblob(1500) FROM counted
                        """)
            }
        }
    }

    func checkpoint() throws {
        _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    func setting(_ name: String) throws -> String? {
        try queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// How many transactions there are; throws if the database is not whole.
    func transactions() throws -> Int {
        try queue.read { database in
            let verdict = try String.fetchOne(database, sql: "PRAGMA integrity_check")
            let count = try Int.fetchOne(database, sql: "SELECT transactions FROM counted")
            let rows = try Int.fetchOne(database, sql: "SELECT count(*) FROM rows")
            guard verdict == "ok", let count, rows == count * Self.rows else {
                throw Damage(verdict: verdict ?? "", count: count, rows: rows)
            }
            return count
        }
    }

    struct Damage: Error {
        let verdict: String
        let count: Int?
        let rows: Int?
    }

    /// A disk with a database of so many transactions, none of them in its log.
    static func image(_ transactions: Int) throws -> DiskImage {
        let disk = SimulatedDisk()
        let database = try DiskDatabase(disk)
        try database.create()
        for _ in 0..<transactions { try database.add() }
        try database.checkpoint()
        try database.queue.close()
        return disk.image()
    }

    static func disk(_ image: DiskImage) -> SimulatedDisk {
        let disk = SimulatedDisk()
        disk.restore(image)
        return disk
    }
}

extension SimulatedDisk.LastWrite {
    static let several: [Self] = [.lost, .torn(sectors: 1), .torn(sectors: 4), .done]
}

/// The result code of an error of SQLite, without its extension; no code of SQLite for other errors.
func sqliteCode(_ body: () throws -> Void) -> ResultCode? {
    do {
        try body()
        return nil
    } catch {
        return (error as? DatabaseError)?.resultCode ?? ResultCode(rawValue: -1)
    }
}
