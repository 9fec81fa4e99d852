import GRDB
import SQLiteChanges

// What a sync did not apply, so that it can be said later that it waits. The changes themselves stay on the server.
extension Replica {
    private static let heldName = "held"

    /// The marks that what waits would turn over, for a statement on the settings.
    static let heldMarks =
        "coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = '\(heldName)'), 0)"

    /// Notes that a sync held back what would turn over so many marks.
    func noteHeld(_ count: Int) throws(ReplicaError) { try setSetting(Self.heldName, to: String(count)) }

    /// Notes that nothing waits any more: the cursor went on.
    static func forgetHeld(_ db: Database) throws {
        try db.run("DELETE FROM setting WHERE name = ?") { $0.text(heldName) }
    }
}
