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
        var audit = Audit()
        var own = rows.filter(\.isMine)[...]
        var spare = 0
        func take(_ known: Int) {
            guard let row = own.popFirst() else { return }
            audit.origins[row.change.id] = Origin(known: known, place: row.place)
        }
        for (number, (entry, known)) in entries.enumerated() {
            switch entry {
            case .settled(let count, let isCertain):
                spare += isCertain ? count : 1_000
                // The rows that follow are its own, unless the next edits are found at once.
                for _ in 0..<(isCertain ? count : 0) where own.first.map({ $0.sequence == nil || !wasCopied }) ?? false {
                    take(known)
                    spare -= 1
                }
            case .edits(let edits, let recorded, let isCertain):
                var found = 0
                var next = edits[...]
                while found < (isCertain ? recorded : edits.count), let row = own.first {
                    if let index = next.firstIndex(where: { $0.isSaid(by: row.change) }) {
                        next = next[(index + 1)...]
                        take(known)
                        found += 1
                    } else if found > 0 || !isCertain {
                        break
                    } else if spare > 0 || (wasCopied && row.sequence != nil) {
                        if !(wasCopied && row.sequence != nil) { spare -= 1 }
                        own.removeFirst()
                    } else {
                        break
                    }
                }
                if isCertain, found != recorded {
                    audit.problems.append(
                        "of \(recorded) changes that were recorded by act \(number), \(found) are in the history"
                            + " (first: \(edits.first.map { "\($0.key.field.text) \($0.value)" } ?? "none"))")
                    return audit
                }
            }
        }
        let extra = own.count { !(wasCopied && $0.sequence != nil) }
        if extra > spare { audit.problems.append("\(extra) changes are in the history that nobody made") }
        return audit
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
