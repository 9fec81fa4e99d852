public import GRDB
import GRDBSQLite

extension Database {
    /// Has GRDB learn nothing of the statements that are prepared on this connection: which tables they read and write it
    /// needs for observers alone, which there are none of here, and finding it out takes a third of preparing.
    ///
    /// Not for a connection that may yet migrate the schema, nor for accesses of tasks that may be cancelled: GRDB would
    /// not know a ROLLBACK for one.
    public func prepareUnobserved() { sqlite3_set_authorizer(sqliteConnection, nil, nil) }

    /// Runs `body` in one transaction; nothing stays of it if it throws. As GRDB's `inTransaction`, but its statements
    /// are prepared once for each connection: preparing them costs more than a short transaction that writes nothing.
    public func transaction<Result>(
        _ kind: TransactionKind, _ body: (Database) throws -> Result
    ) throws -> Result {
        try run("BEGIN \(kind.rawValue)")
        do {
            let result = try body(self)
            try run("COMMIT")
            return result
        } catch {
            // Some errors end the transaction by themselves; the first error is the one to tell.
            if isInsideTransaction { try? rollback() }
            throw error
        }
    }
}
