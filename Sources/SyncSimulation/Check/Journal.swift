import SQLiteReplica
import SyncCore

/// What the reader did on one device, in order, and what the device had heard of by then: kept outside of the device,
/// to be held against what the replica says.
struct Journal {
    /// Something that made changes.
    enum Entry {
        /// Edits were recorded: so many of them said something new. If it is not certain, the device died over it, or
        /// its disk failed: they may be there or not.
        case edits([Edit], recorded: Int, isCertain: Bool)
        /// The replica made changes itself, by policy or to resolve a difference.
        case settled(count: Int, isCertain: Bool)
    }

    /// What was done, with how much was known then.
    private(set) var entries: [(entry: Entry, known: Int)] = []
    /// Changes of others that the device had applied, in the order in which it did.
    private(set) var known: [ChangeID] = []

    /// Notes what was done.
    mutating func note(_ entry: Entry) { entries.append((entry, known.count)) }

    /// Notes what was heard.
    mutating func learn(_ changes: [ChangeID]) { known += changes }

    /// Forgets what was heard after all only in part.
    mutating func forget(beyond count: Int) { known.removeLast(known.count - count) }

    /// What a replica's own change says when it was made.
    struct Origin {
        /// Changes of others that its author had applied, up to this place of the journal's ``known``.
        var known: Int
        /// Its place in its author's history.
        var place: Int64
    }

    /// What came of holding the journal against a history.
    struct Audit {
        /// Promises that do not hold.
        var problems: [String] = []
        /// When each of the device's changes was made, by its present name.
        var origins: [ChangeID: Origin] = [:]
    }

    /// Holds the journal against the replica's history.
    ///
    /// - Parameters:
    ///   - rows: the replica's whole history, the oldest first.
    ///   - wasCopied: whether other machines used its identity.
    func audit(_ rows: [ChangeRecord], wasCopied: Bool) -> Audit {
        var reading = Reading(own: rows.filter(\.isMine)[...], wasCopied: wasCopied)
        for (number, (entry, known)) in entries.enumerated() {
            switch entry {
            case .settled(let count, let isCertain): reading.spare += isCertain ? count : 1_000
            case .edits(let edits, _, false): reading.perhaps += edits.map { ($0, known) }
            case .edits(let edits, let recorded, true):
                let before = reading.own
                guard reading.find(edits, recorded, known) else {
                    let next = before.prefix(2).map {
                        "\($0.place) \($0.change.key.field.text) \($0.change.value) \($0.state)"
                    }
                    reading.audit.problems.append(
                        "\(recorded) changes that were recorded by act \(number) are not in the history (first: "
                            + "\(edits.first.map { "\($0.key.field.text) \($0.value)" } ?? "none")); it goes on with \(next)")
                    return reading.audit
                }
            }
        }
        reading.finish(entries.last?.known ?? 0)
        return reading.audit
    }
}

/// A history that is being read along with a journal.
private struct Reading {
    /// What is left of the replica's own changes.
    var own: ArraySlice<ChangeRecord>
    let wasCopied: Bool
    var audit = Journal.Audit()
    /// Changes that the replica may have made itself.
    var spare = 0
    /// Edits that were recorded or not, and what was known then.
    var perhaps: [(edit: Edit, known: Int)] = []

    init(own: ArraySlice<ChangeRecord>, wasCopied: Bool) {
        self.own = own
        self.wasCopied = wasCopied
    }

    /// Finds what an act recorded: its edits in order, but for those that said nothing new, one after the other, since
    /// they came in one transaction.
    ///
    /// - Returns: whether it is there.
    mutating func find(_ edits: [Edit], _ recorded: Int, _ known: Int) -> Bool {
        while !begins(with: edits, recorded) {
            guard skip(known) else { return false }
        }
        for _ in 0..<recorded { take(known) }
        return true
    }

    private func begins(with edits: [Edit], _ recorded: Int) -> Bool {
        guard own.count >= recorded, let first = own.first?.place else { return recorded == 0 }
        var next = edits[...]
        for (offset, row) in own.prefix(recorded).enumerated() {
            guard row.place == first + Int64(offset),
                let index = next.firstIndex(where: { $0.isSaid(by: row.change) })
            else { return false }
            next = next[(index + 1)...]
        }
        return true
    }

    /// Leaves a row out that no certain act made; `false` if there is no reason for it.
    private mutating func skip(_ known: Int) -> Bool {
        guard let row = own.first else { return false }
        if let index = perhaps.firstIndex(where: { $0.edit.isSaid(by: row.change) }) {
            // It may as well be what somebody did again later: the author is taken to have known the more.
            take(max(perhaps.remove(at: index).known, known))
        } else if wasCopied, row.sequence != nil {
            own.removeFirst()
        } else if spare > 0 {
            spare -= 1
            take(known)
        } else {
            return false
        }
        return true
    }

    private mutating func take(_ known: Int) {
        guard let row = own.popFirst() else { return }
        audit.origins[row.change.id] = Journal.Origin(known: known, place: row.place)
    }

    /// Nothing may be left that nobody made.
    mutating func finish(_ known: Int) {
        while !own.isEmpty, skip(known) {}
        if let row = own.first {
            audit.problems.append(
                "\(own.count) changes are in the history that nobody made: \(row.change.id) \(row.change.value)")
        }
    }
}

extension Edit {
    /// Whether a change says what this edit says. The base of a note is the replica's to choose.
    func isSaid(by change: Change) -> Bool {
        guard change.key == key else { return false }
        if case (.note(let mine, _), .note(let theirs, _)) = (value, change.value) {
            return mine.utf8.elementsEqual(theirs.utf8)
        }
        return change.value == value
    }
}
