public import GRDB
public import SyncCore

/// How a change stands in a row, on devices and on the server alike. A table that holds changes includes
/// ``definition`` in its CREATE TABLE; statements name ``names`` and bind ``Bindings``.
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

    /// The change in a row whose columns begin at `offset`; `nil` if the row was not written by this code.
    public static func change(in row: borrowing Columns, at offset: Int = 0) -> Change? {
        guard let entity = row.withBytes(offset + 5, { EntityColumn.decode($0) }),
            let field = Field(text: row.text(offset + 6)), let key = RegisterKey(entity, field)
        else { return nil }
        let columns = ValueColumns(
            number: row.integerIfAny(offset + 7), text: row.textIfAny(offset + 8), base: row.textIfAny(offset + 9))
        guard let value = columns.value(of: field) else { return nil }
        return Change(
            id: ChangeID(replica: ReplicaID(rawValue: row.bits(offset)), number: row.bits(offset + 1)),
            stamp: HybridTimestamp(rawValue: row.bits(offset + 2)),
            seen: SeenContext(
                through: row.bits(offset + 3), also: ValueColumns.parsed(row.textIfAny(offset + 4)) ?? []),
            key: key, value: value, extra: ValueColumns.parsed(row.textIfAny(offset + 10)) ?? [:])
    }

    /// The column `seen_also` of a context.
    public static func also(of seen: SeenContext) throws -> String? {
        seen.also.isEmpty ? nil : try ValueColumns.json(seen.also)
    }

    /// What a statement gets of a change; made before, since it can fail.
    public struct Bindings {
        fileprivate let change: Change
        fileprivate let value: ValueColumns
        fileprivate let also: String?
        fileprivate let extra: String?

        /// Makes them.
        public init(_ change: Change) throws {
            self.change = change
            value = try ValueColumns(change.value)
            also = try ChangeColumns.also(of: change.seen)
            extra = change.extra.isEmpty ? nil : try ValueColumns.json(change.extra)
        }
    }
}

extension StatementBinder {
    /// Binds a change, in the order of ``ChangeColumns/names``.
    public mutating func change(_ bindings: ChangeColumns.Bindings) {
        let change = bindings.change
        bits(change.id.replica.rawValue)
        bits(change.id.number)
        bits(change.stamp.rawValue)
        bits(change.seen.through)
        text(bindings.also)
        blob(EntityColumn.encode(change.key.entity))
        text(change.key.field.text)
        integer(bindings.value.number)
        text(bindings.value.text)
        text(bindings.value.base)
        text(bindings.extra)
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
