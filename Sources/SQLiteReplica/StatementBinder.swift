import GRDB
import GRDBSQLite

/// Binds the values of the few statements that run once an article or once a change, straight through SQLite's own
/// calls: boxing each value for GRDB's general way costs more than the statement itself (measured: a mark of 10,000
/// articles took 2.3 times as long as in C with it). Values are copied by SQLite, so nothing outlives a call.
struct StatementBinder {
    private let statement: OpaquePointer
    private var index: Int32 = 0

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Binds a whole number, or NULL.
    mutating func integer(_ value: Int64?) {
        index += 1
        if let value { sqlite3_bind_int64(statement, index, value) }
    }

    /// Binds a text, or NULL.
    mutating func text(_ value: String?) {
        index += 1
        guard var value else { return }
        _ = value.withUTF8 { utf8 in
            // An empty text may have no address, which SQLite would take for NULL.
            utf8.withMemoryRebound(to: CChar.self) { characters in
                if let base = characters.baseAddress, characters.count > 0 {
                    sqlite3_bind_text(statement, index, base, Int32(characters.count), Self.copied)
                } else {
                    sqlite3_bind_text(statement, index, "", 0, Self.copied)
                }
            }
        }
    }

    /// Binds bytes.
    mutating func blob(_ value: [UInt8]) {
        index += 1
        _ = value.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress, bytes.count > 0 {
                sqlite3_bind_blob(statement, index, base, Int32(bytes.count), Self.copied)
            } else {
                sqlite3_bind_zeroblob(statement, index, 0)
            }
        }
    }
}

extension Statement {
    /// Binds the values that `body` names, in order; those it leaves out are NULL.
    func bind(_ body: (inout StatementBinder) -> Void) {
        // Resets the statement and clears its bindings; GRDB then takes them for complete.
        setUncheckedArguments(StatementArguments())
        var binder = StatementBinder(sqliteStatement)
        body(&binder)
    }

    /// Runs the statement with the values that `body` binds.
    func run(_ body: (inout StatementBinder) -> Void) throws {
        bind(body)
        try execute()
    }
}
