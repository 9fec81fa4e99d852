public import GRDB
import GRDBSQLite

// Statements that are prepared once for each connection, with values that are bound, and columns that are read, without
// boxing them. For texts that do not change from call to call only, since each is kept.

extension Database {
    /// Runs a pragma that sets something for this connection. Such a one acts while it is prepared, so it cannot be kept.
    public func set(_ pragma: String) throws {
        let code = sqlite3_exec(sqliteConnection, pragma, nil, nil, nil)
        if code != SQLITE_OK { throw failure(code, pragma) }
    }

    /// Runs one statement.
    public func run(_ sql: String, _ bind: (inout StatementBinder) -> Void = { _ in }) throws {
        try eachRow(sql, bind) { _ in true }
    }

    /// All rows of a query.
    public func rows<Element>(
        _ sql: String, _ bind: (inout StatementBinder) -> Void = { _ in },
        _ read: (borrowing Columns) throws -> Element
    ) throws -> [Element] {
        var rows: [Element] = []
        try eachRow(sql, bind) { columns in
            rows.append(try read(columns))
            return true
        }
        return rows
    }

    /// The first row of a query, if there is one.
    public func firstRow<Element>(
        _ sql: String, _ bind: (inout StatementBinder) -> Void = { _ in },
        _ read: (borrowing Columns) throws -> Element
    ) throws -> Element? {
        var first: Element?
        try eachRow(sql, bind) { columns in
            first = try read(columns)
            return false
        }
        return first
    }

    /// Goes through the rows of a query, as long as `read` says to go on.
    ///
    /// `read` may run other statements, the same one too.
    public func eachRow(
        _ sql: String, _ bind: (inout StatementBinder) -> Void = { _ in },
        _ read: (borrowing Columns) throws -> Bool
    ) throws {
        var statement = try cachedStatement(sql: sql)
        // Somebody further up goes through the rows of the very same statement.
        if sqlite3_stmt_busy(statement.sqliteStatement) != 0 { statement = try makeStatement(sql: sql) }
        let handle = statement.sqliteStatement
        // GRDB leaves a statement that it ran where it ended, and nothing can be bound there.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        // What reset returns is the error of the last step, which was told then. It also makes a statement that failed
        // fit for the next time.
        defer { withExtendedLifetime(statement) { _ = sqlite3_reset(handle) } }
        var binder = StatementBinder(handle)
        bind(&binder)
        if let code = binder.failure { throw failure(code, sql) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                guard try read(Columns(handle)) else { return }
            case SQLITE_DONE: return
            case let code:
                // Only GRDB interrupts, and only what a cancelled task is doing.
                if code & 0xFF == SQLITE_INTERRUPT { throw CancellationError() }
                throw failure(code, sql)
            }
        }
    }

    private func failure(_ code: Int32, _ sql: String) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(sqliteConnection)), sql: sql
        )
    }
}
