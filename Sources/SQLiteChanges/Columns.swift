import GRDBSQLite
public import SyncCore

/// The columns of the row on which a statement stands, read straight through SQLite's own calls. Lent to the closure that
/// reads the row; it cannot be kept, since SQLite's memory behind it is gone with the next step.
public struct Columns: ~Copyable {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    /// Whether the column is NULL.
    public func isNull(_ index: Int) -> Bool { sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL }

    /// A whole number; 0 where the column is NULL.
    public func integer(_ index: Int) -> Int64 { sqlite3_column_int64(statement, Int32(index)) }

    /// A whole number, if there is one.
    public func integerIfAny(_ index: Int) -> Int64? { isNull(index) ? nil : integer(index) }

    /// The 64 bits of a signed number.
    public func bits(_ index: Int) -> UInt64 { UInt64(bitPattern: integer(index)) }

    /// The 64 bits of a signed number, if there is one.
    public func bitsIfAny(_ index: Int) -> UInt64? { isNull(index) ? nil : bits(index) }

    /// The instant in a column of milliseconds, if there is one.
    public func instant(_ index: Int) -> WallTime? { integerIfAny(index).map { WallTime(milliseconds: $0) } }

    /// A text; empty where the column is NULL.
    public func text(_ index: Int) -> String { textIfAny(index) ?? "" }

    /// A text, if there is one.
    public func textIfAny(_ index: Int) -> String? {
        // The order of the calls is sqlite.org/c3ref/column_blob.html's: first the text, then how long it is.
        guard let start = sqlite3_column_text(statement, Int32(index)) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, Int32(index)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Lends the bytes of a column; none where it is NULL or empty.
    public func withBytes<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let start = sqlite3_column_blob(statement, Int32(index))
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, Int32(index)))))
    }

    /// The bytes of a column; none where it is NULL.
    public func blob(_ index: Int) -> [UInt8] { withBytes(index) { [UInt8]($0) } }

    /// The digest in a column of sixteen bytes; `nil` if it has not as many.
    public func digest(_ index: Int) -> Digest128? { withBytes(index) { Digest128(bytes: $0) } }
}
