public import GRDB

extension Database {
    /// Runs `body` in one transaction; nothing stays of it if it throws. As GRDB's `inTransaction`, but its statements
    /// are prepared once for each connection: preparing them costs more than a short transaction that writes nothing.
    public func transaction<Result>(
        _ kind: TransactionKind, _ body: (Database) throws -> Result
    ) throws -> Result {
        try run(sql: kind == .deferred ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE")
        do {
            let result = try body(self)
            try run(sql: "COMMIT")
            return result
        } catch {
            // Some errors end the transaction by themselves; the first error is the one to tell.
            if isInsideTransaction { try? rollback() }
            throw error
        }
    }
}
