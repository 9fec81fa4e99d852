import GRDB
import SQLiteChanges

/// An article's rowid in the full-text index: the day of its place in lists, counted from 1970, times ``perDay``, and a
/// count within the day.
///
/// FTS5 hands out what it finds in the order of rowids, either way, and need not find all before the first (SQLite's
/// documentation of FTS5, §4.4 "Sorting by Rowid"). With the day in the rowid, a search for common words has the newest
/// articles after as little work in a million articles as in a thousand. The count, not the time of day, keeps the rowids of
/// one day close to each other: the index stores differences. An article whose day is corrected keeps its key.
enum IndexKey {
    /// Articles of one day that have keys of that day.
    static let perDay: Int64 = 1 << 20
    private static let millisecondsPerDay: Int64 = 86_400_000

    /// The next free key of a day. Once a day is full, the next one of all: such an article counts as new in searches.
    ///
    /// - Parameter listed: the article's place in lists, in milliseconds since 1970.
    static func next(listed: Int64, _ db: Database) throws -> Int64 {
        let first = day(of: listed) * perDay
        let last = try newest(db, "WHERE index_key >= ? AND index_key < ?") { binder in
            binder.integer(first)
            binder.integer(first + perDay)
        }
        guard let last else { return first }
        if last + 1 < first + perDay { return last + 1 }
        return try newest(db, "") { _ in }.map { max($0 + 1, first + perDay) } ?? first
    }

    /// The day, rounded down: hostile dates long before 1970 have days as well.
    private static func day(of listed: Int64) -> Int64 {
        let (whole, rest) = listed.quotientAndRemainder(dividingBy: millisecondsPerDay)
        return rest < 0 ? whole - 1 : whole
    }

    private static func newest(
        _ db: Database, _ condition: String, _ bind: (inout StatementBinder) -> Void
    ) throws -> Int64? {
        try db.firstRow("SELECT max(index_key) FROM article \(condition)", bind) { $0.integerIfAny(0) } ?? nil
    }
}
