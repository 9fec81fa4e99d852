import GRDB
import SQLiteChanges
import Synchronization

/// Connections that requests read through on their own threads: as many as there are threads that read at once. GRDB's pool
/// hands a connection over by several locks and asks it each time whether the schema changed, which takes longer than the
/// reads of a sync with nothing new.
final class ReadingConnections: Sendable {
    private let path: String
    private let configuration: Configuration
    private let idle = Mutex<[DatabaseQueue]>([])
    /// The connection that ``stamp()`` asks: the number means something only when one connection is asked again.
    private let stamping = Mutex<DatabaseQueue?>(nil)

    /// Makes an empty set. The database must be in WAL mode, and of the newest schema.
    init(path: String, _ configuration: Configuration) {
        self.path = path
        self.configuration = configuration
    }

    /// Hands `work` one consistent state.
    func read<Result>(_ work: (Database) throws -> Result) throws -> Result {
        let connection = try idle.withLock { $0.popLast() } ?? DatabaseQueue(path: path, configuration: configuration)
        defer { idle.withLock { $0.append(connection) } }
        return try connection.inDatabase { db in try db.transaction(.deferred, work) }
    }

    /// A number that is another one once anything was written.
    func stamp() throws -> Int64 {
        try stamping.withLock { connection in
            let asked = try connection ?? DatabaseQueue(path: path, configuration: configuration)
            connection = asked
            return try asked.inDatabase { db in
                try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version")) ?? 0
            }
        }
    }

    /// Closes all; nothing may be read meanwhile.
    func close() throws {
        for connection in idle.withLock({ $0 }) { try connection.close() }
        idle.withLock { $0 = [] }
        try stamping.withLock { connection in
            try connection?.close()
            connection = nil
        }
    }
}
