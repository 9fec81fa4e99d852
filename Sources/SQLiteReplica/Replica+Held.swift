import GRDB
import SQLiteChanges
import SyncCore

// What a sync did not apply, so that it can be said later that it waits. The changes themselves stay on the server.
extension Replica {
    private static let heldName = "held"

    /// The marks that what waits would turn over, for a statement on the settings.
    static let heldMarks =
        "coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = '\(heldName)'), 0)"

    /// Notes that a sync held back what would turn over so many marks.
    func noteHeld(_ count: Int) throws(ReplicaError) { try setSetting(Self.heldName, to: String(count)) }

    /// How long flips that were taken over count with those that come, in milliseconds: an hour. Who follows another
    /// device closely sees what that one does at once in slices, each of which would pass for few.
    private static let flipsCount: Int64 = 3_600_000
    private static let recentName = "recent-flips"

    /// The flips that were taken over lately, and since when they are counted.
    static func recentFlips(at now: WallTime, _ db: Database) throws -> (since: WallTime, total: Int) {
        let text = try db.firstRow("SELECT value FROM setting WHERE name = ?", { $0.text(recentName) }, { $0.text(0) })
        let parts = (text ?? "").split(separator: " ").compactMap { Int64($0) }
        guard parts.count == 2, (0...flipsCount) ~= now.milliseconds - parts[0], let total = Int(exactly: parts[1])
        else { return (now, 0) }
        return (WallTime(milliseconds: parts[0]), max(0, total))
    }

    /// Notes them, with those that were taken over now.
    static func noteFlips(_ flips: Flips, since: WallTime, _ db: Database) throws {
        guard flips.total > 0 else { return }
        try db.run("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)") { binder in
            binder.text(recentName)
            binder.text("\(since.milliseconds) \(flips.total + flips.earlier)")
        }
    }

    /// Notes that nothing waits any more: the cursor went on.
    static func forgetHeld(_ db: Database) throws {
        try db.run("DELETE FROM setting WHERE name = ?") { $0.text(heldName) }
    }
}
