public import GRDB
public import SyncCore

/// How a change stands in a row, on devices and on the server alike. A table that holds changes includes
/// ``definition`` in its CREATE TABLE; statements name ``names`` and bind ``arguments(of:)`` in that order.
public enum ChangeColumns {
    /// The columns, for CREATE TABLE.
    public static let definition = """
        replica INTEGER NOT NULL,            -- author: 64 bits, as a signed number
        number INTEGER NOT NULL,             -- place among the author's changes; 0: not numbered yet
        stamp INTEGER NOT NULL,              -- hybrid logical clock: milliseconds since 1970 << 16 | counter
        seen INTEGER NOT NULL,               -- the author had applied the log up to this sequence
        seen_also TEXT,                      -- single sequences beyond, JSON array; usually NULL
        entity BLOB NOT NULL,                -- kind byte and key, see EntityColumn
        field TEXT NOT NULL,                 -- read, saved, tag:NAME ...
        value INTEGER,                       -- see ValueColumns
        text TEXT,
        base TEXT,
        extra TEXT                           -- members of the message without a name here, JSON object
        """

    /// The columns' names, for INSERT and SELECT.
    public static let names =
        "replica, number, stamp, seen, seen_also, entity, field, value, text, base, extra"

    /// As many question marks as there are columns.
    public static let placeholders = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"

    /// How many columns there are.
    public static let count = 11

    /// The values to bind, in the order of ``names``.
    public static func arguments(of change: Change) throws -> [(any DatabaseValueConvertible)?] {
        let value = try ValueColumns(change.value)
        return [
            Int64(bitPattern: change.id.replica.rawValue), Int64(bitPattern: change.id.number),
            Int64(bitPattern: change.stamp.rawValue), Int64(bitPattern: change.seen.through),
            change.seen.also.isEmpty ? nil : try ValueColumns.json(change.seen.also),
            EntityColumn.encode(change.key.entity).databaseBlob, change.key.field.text, value.number, value.text,
            value.base, change.extra.isEmpty ? nil : try ValueColumns.json(change.extra),
        ]
    }

    /// The change in a row whose columns begin at `offset`; `nil` if the row was not written by this code.
    public static func change(in row: Row, at offset: Int = 0) -> Change? {
        let blob: [UInt8] = row.bytes(at: offset + 5)
        guard let entity = EntityColumn.decode(blob), let field = Field(text: row[offset + 6]),
            let key = RegisterKey(entity, field)
        else { return nil }
        let columns = ValueColumns(number: row[offset + 7], text: row[offset + 8], base: row[offset + 9])
        guard let value = columns.value(of: field) else { return nil }
        let (replica, number, stamp, seen): (Int64, Int64, Int64, Int64) = (
            row[offset], row[offset + 1], row[offset + 2], row[offset + 3]
        )
        return Change(
            id: ChangeID(
                replica: ReplicaID(rawValue: UInt64(bitPattern: replica)), number: UInt64(bitPattern: number)),
            stamp: HybridTimestamp(rawValue: UInt64(bitPattern: stamp)),
            seen: SeenContext(
                through: UInt64(bitPattern: seen), also: ValueColumns.parsed(row[offset + 4]) ?? []),
            key: key, value: value, extra: ValueColumns.parsed(row[offset + 10]) ?? [:])
    }
}

extension [UInt8] {
    /// The bytes as a value to bind.
    public var databaseBlob: any DatabaseValueConvertible { BlobBytes(bytes: self) }
}

extension Row {
    /// The bytes of a BLOB column; empty where it is NULL.
    public func bytes(at index: Int) -> [UInt8] {
        BlobBytes.fromDatabaseValue(self[index] as DatabaseValue)?.bytes ?? []
    }
}

/// Bytes in a BLOB column.
struct BlobBytes: DatabaseValueConvertible {
    var bytes: [UInt8]

    var databaseValue: DatabaseValue { FoundationData(bytes).databaseValue }

    static func fromDatabaseValue(_ value: DatabaseValue) -> BlobBytes? {
        FoundationData.fromDatabaseValue(value).map { BlobBytes(bytes: Array($0)) }
    }
}
