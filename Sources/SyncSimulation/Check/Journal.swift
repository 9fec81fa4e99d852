import SQLiteReplica
import SyncCore

/// What the reader did on one device, in order, and what the device had heard of by then: kept outside of the device,
/// to be held against what the replica says.
struct Journal {
    /// Something that made changes.
    enum Entry {
        /// Edits were recorded, as the rows of these places: those of them that said something new.
        case edits([Edit], ClosedRange<Int64>)
        /// The replica made changes itself, by policy or to resolve a difference, as the rows of these places.
        case settled(ClosedRange<Int64>)
        /// The device died over it, or its disk failed: all of it is there or nothing.
        case perhaps([Edit])
        /// The same, of changes that the replica makes itself.
        case perhapsSettled
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
        let byPlace = Dictionary(rows.map { ($0.place, $0) }) { first, _ in first }
        var certain: Set<Int64> = []
        var perhaps: [(edit: Edit, known: Int)] = []
        var spare = 0
        for (number, (entry, known)) in entries.enumerated() {
            switch entry {
            case .perhaps(let edits): perhaps += edits.map { ($0, known) }
            case .perhapsSettled: spare += 1_000
            case .settled(let places), .edits(_, let places):
                certain.formUnion(places)
                var next: ArraySlice<Edit>?
                if case .edits(let edits, _) = entry { next = edits[...] }
                for place in places {
                    guard let row = byPlace[place], row.isMine, Self.isNext(row, in: &next) else {
                        let found = byPlace[place].map { "\($0.change.key.field.text) \($0.change.value)" } ?? "nothing"
                        audit.problems.append("act \(number) was recorded as \(place), where \(found) is")
                        return audit
                    }
                    audit.origins[row.change.id] = Origin(known: known, place: place)
                }
            }
        }
        for row in rows where row.isMine && !certain.contains(row.place) {
            if let index = perhaps.firstIndex(where: { $0.edit.isSaid(by: row.change) }) {
                let known = perhaps.remove(at: index).known
                // It may as well be a copy's.
                if !wasCopied { audit.origins[row.change.id] = Origin(known: known, place: row.place) }
            } else if spare > 0 {
                spare -= 1
            } else if !wasCopied || row.sequence == nil {
                audit.problems.append("a change that nobody made: \(row.change.id) \(row.change.value) \(row.state)")
            }
        }
        return audit
    }

    /// Whether a row says what the next edits say; those between said nothing new.
    private static func isNext(_ row: ChangeRecord, in edits: inout ArraySlice<Edit>?) -> Bool {
        guard let left = edits else { return true }
        guard let index = left.firstIndex(where: { $0.isSaid(by: row.change) }) else { return false }
        edits = left[(index + 1)...]
        return true
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

extension SimulatedDevice {
    /// Notes what the replica has just made itself, in the place of the doubt about it.
    func noteMade(_ count: Int, after before: Journal) throws {
        guard count > 0 else { return journal = before }
        let last = try replica?.log(limit: 1).first?.place ?? 0
        journal = before
        journal.note(.settled((last - Int64(count) + 1)...last))
    }

    /// Notes what has just been recorded: the newest rows of the history.
    func noteMade(_ count: Int, of edits: [Edit]?) throws {
        guard count > 0, let last = try replica?.log(limit: 1).first?.place else { return }
        let places = (last - Int64(count) + 1)...last
        journal.note(edits.map { .edits($0, places) } ?? .settled(places))
    }
}
