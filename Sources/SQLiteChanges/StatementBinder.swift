import GRDBSQLite
public import SyncCore

/// Binds the values of a statement that runs once an article or once a change, straight through SQLite's own calls:
/// boxing each value for GRDB's general way costs more than the statement itself (measured: a mark of 10,000 articles
/// took 2.3 times as long as in C with it). Values are copied by SQLite, so nothing outlives a call.
public struct StatementBinder: ~Copyable {
    private let statement: OpaquePointer
    private var index: Int32 = 0
    private var code = SQLITE_OK

    init(_ statement: OpaquePointer) { self.statement = statement }

    // SQLITE_TRANSIENT of sqlite3.h, which is a cast that Swift does not import: "copy the value before returning".
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// The first code that was not good, or `SQLITE_RANGE` where the statement has more or fewer places than values.
    var failure: Int32? {
        if code != SQLITE_OK { return code }
        return index == sqlite3_bind_parameter_count(statement) ? nil : SQLITE_RANGE
    }

    private mutating func note(_ result: Int32) {
        if code == SQLITE_OK { code = result }
    }

    /// Binds a whole number, or NULL.
    public mutating func integer(_ value: Int64?) {
        index += 1
        note(value.map { sqlite3_bind_int64(statement, index, $0) } ?? sqlite3_bind_null(statement, index))
    }

    /// Binds 64 bits, as a signed number.
    public mutating func bits(_ value: UInt64?) { integer(value.map { Int64(bitPattern: $0) }) }

    /// Binds a text, or NULL.
    public mutating func text(_ value: String?) {
        index += 1
        guard var value else { return note(sqlite3_bind_null(statement, index)) }
        let result = value.withUTF8 { utf8 in
            // An empty text may have no address, which SQLite would take for NULL.
            utf8.withMemoryRebound(to: CChar.self) { characters in
                if let base = characters.baseAddress, characters.count > 0 {
                    sqlite3_bind_text(statement, index, base, Int32(characters.count), Self.copied)
                } else {
                    sqlite3_bind_text(statement, index, "", 0, Self.copied)
                }
            }
        }
        note(result)
    }

    /// Binds bytes.
    public mutating func blob(_ value: [UInt8]) {
        index += 1
        let result = value.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress, bytes.count > 0 {
                sqlite3_bind_blob(statement, index, base, Int32(bytes.count), Self.copied)
            } else {
                sqlite3_bind_zeroblob(statement, index, 0)
            }
        }
        note(result)
    }

    /// Binds a digest's sixteen bytes.
    public mutating func digest(_ value: Digest128) { blob(value.bytes) }
}
