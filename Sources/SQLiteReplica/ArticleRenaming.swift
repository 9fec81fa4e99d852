import GRDB
import SQLiteChanges
import SyncCore

/// Gives an article that only direct feeds brought the identity that a server calls it by. The row stays, and with it
/// text, revisions and what each feed said; the reader's marks follow, so that the reader's other devices see them.
enum ArticleRenaming {
    /// Renames an article.
    ///
    /// - Parameters:
    ///   - row: the article.
    ///   - old: its identity; it stays an alias, for the feeds go on to use it.
    ///   - new: the server's, that no row has.
    ///   - counts: the caller's.
    static func rename(
        _ row: Int64, from old: ArticleID, to new: ArticleID, publication: Int64, hasState: Bool,
        _ counts: inout ListCounts, _ db: Database
    ) throws {
        try db.run(
            sql: "UPDATE article SET id = ? WHERE row = ?", arguments: [new.digest.bytes.databaseBlob, row])
        try db.run(
            sql: "DELETE FROM article_alias WHERE publication = ? AND alias IN (?, ?)",
            arguments: [publication, new.description, old.description])
        try db.run(
            sql: "INSERT OR IGNORE INTO article_alias (publication, alias, article) VALUES (?, ?, ?)",
            arguments: [publication, old.description, row])
        guard hasState else { return }
        // Nothing new is said, so no clock goes on: what was said keeps its instants.
        let now = try Standing(db).clock.last.wallTime
        var transaction = try StateTransaction(db, at: now)
        for key in try ChangeRows.keys(of: .article(old), db) { try transaction.carry(key, to: new) }
        try transaction.finish()
        try ArticleState.writeAll(of: new, &counts, db)
    }
}

extension StateTransaction {
    /// Says of an article under its new identity what a register says of it under the old one.
    fileprivate mutating func carry(_ key: RegisterKey, to article: ArticleID) throws {
        guard let newKey = RegisterKey(.article(article), key.field) else { return }
        let live = try self.live(key)
        let newLive = try self.live(newKey)
        if live.logged.isEmpty, live.pending.count == 1, let unsent = live.unsent {
            guard newLive.unsent == nil else { return }
            return try move(unsent, from: key, to: newKey, newLive)
        }
        // What was sent cannot be taken back, so it is said again, where nothing else is said.
        guard newLive.logged.isEmpty, newLive.pending.isEmpty, let outcome = live.outcome else { return }
        if let initial = key.field.initialValue, initial.agrees(with: outcome.value) { return }
        let winner = outcome.winner.change
        // A merged note can be longer than a note may be.
        let change =
            try change(outcome.value, for: newKey, stamp: winner.stamp, isFirst: true)
            ?? change(winner.value, for: newKey, stamp: winner.stamp, isFirst: true)
        guard let change else { return }
        try put(change, newKey, newLive)
    }

    /// Moves a change that has not left to another register.
    private mutating func move(
        _ unsent: LiveRegister.Pending, from key: RegisterKey, to newKey: RegisterKey, _ newLive: LiveRegister
    ) throws {
        let isFirst = newLive.logged.isEmpty && newLive.pending.isEmpty
        guard let change = try change(unsent.change.value, for: newKey, stamp: unsent.change.stamp, isFirst: isFirst)
        else { return }
        try ChangeRows.move(unsent.place, to: newKey.entity, change.seen, db)
        try update(key, LiveRegister())
        var moved = newLive
        moved.pending.append(LiveRegister.Pending(place: unsent.place, change: change))
        try update(newKey, moved)
    }

    private mutating func put(_ change: Change, _ key: RegisterKey, _ live: LiveRegister) throws {
        var live = live
        let place = try ChangeRows.insertPending(change, db)
        live.pending.append(LiveRegister.Pending(place: place, change: change))
        try update(key, live)
    }

    /// - Parameter isFirst: whether the register is empty. What other devices said there the reader had not seen
    ///   when the change was made: then it counts as concurrent, and nothing is lost.
    private func change(
        _ value: Value, for key: RegisterKey, stamp: HybridTimestamp, isFirst: Bool
    ) throws -> Change? {
        var value = value
        // The register that the base stood in is another one.
        if case .note(let text, _) = value { value = .note(text, base: "") }
        return Change(
            id: ChangeID(replica: standing.id, number: ChangeID.unnumbered), stamp: stamp,
            seen: SeenContext(through: isFirst ? standing.cursor.sequence : 0), key: key, value: value)
    }
}
