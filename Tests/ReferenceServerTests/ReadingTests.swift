import GRDB
import GRDBSQLite
import SyncCore
import Testing

@testable import ReferenceServer

@Suite("What a sync with nothing new reads")
struct ReadingTests {
    @Test("takes as many steps of the database, however many readers there are")
    func readers() async throws {
        let server = try TestServer()
        _ = try await steps(of: server)
        let alone = try await steps(of: server)
        #expect(alone > 0)
        try addReaders(300, to: server)
        #expect(try await steps(of: server) == alone)
    }

    /// Instructions that SQLite's machine carried out for one sync.
    private func steps(of server: TestServer) async throws -> Int {
        _ = try await server.sync()
        return try server.store.connections.read { db in
            var (steps, statement) = (0, sqlite3_next_stmt(db.sqliteConnection, nil))
            while let current = statement {
                steps += Int(sqlite3_stmt_status(current, SQLITE_STMTSTATUS_VM_STEP, 1))
                statement = sqlite3_next_stmt(db.sqliteConnection, current)
            }
            return steps
        }
    }

    /// Readers with a device and some entries each.
    private func addReaders(_ count: Int, to server: TestServer) throws {
        try server.store.database.write { db in
            for index in 1_000..<(1_000 + count) {
                for statement in [
                    "INSERT INTO reader (id, name, created) VALUES (?1, 'reader ' || ?1, 0)",
                    "INSERT INTO device (reader, name, token_hash, created) VALUES (?1, 'phone', randomblob(32), 0)",
                    """
                    INSERT INTO head (reader, sequence, prefix, floor, floor_prefix)
                    VALUES (?1, 3, zeroblob(16), 0, zeroblob(16))
                    """,
                    """
                    INSERT INTO log (reader, sequence, received, prefix, content_digest, replica, number, stamp, seen,
                        entity, field, value)
                    SELECT ?1, value, 0, zeroblob(16), zeroblob(16), ?1, value, 0, 0, x'04', 'ageConfirmed', 1
                    FROM json_each('[1, 2, 3]')
                    """,
                ] { try db.execute(sql: statement, arguments: [index]) }
            }
        }
    }
}
