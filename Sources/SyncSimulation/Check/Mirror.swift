import SyncCore

/// One reader's log as it should be: everything the server ever said it has, kept outside of the server. What a restored
/// backup lost is taken off, what compaction takes stays.
struct Mirror {
    /// The entries, from sequence 1 without a gap.
    private(set) var entries: [LogEntry] = []
    /// Of each entry the name that follows from what it says (``Change/nameWhereTaken``), whatever name it stands under.
    private(set) var names: [ChangeID] = []

    /// What it was before backups were put in its place.
    private var former: [[LogEntry]] = []

    /// What the log of which these versions and this cursor are had up to the cursor; `nil` if there was none.
    func log(upTo sequence: UInt64, with versions: [Version]) -> ArraySlice<LogEntry>? {
        for log in [entries] + former.reversed() where log.count >= Int(clamping: sequence) {
            let isItsOwn = versions.allSatisfy { version in
                guard case .logged(let place) = version.position, place > 0, place <= sequence else { return false }
                return log[Int(place) - 1].change.id == version.change.id
            }
            if isItsOwn { return log.prefix(Int(sequence)) }
        }
        return nil
    }

    /// The newest sequence.
    var head: UInt64 { entries.last?.sequence ?? 0 }

    /// Takes in what the log has beyond the mirror.
    mutating func extend(by newer: [LogEntry], name: (Change) -> ChangeID) -> String? {
        for entry in newer {
            guard entry.sequence == head + 1 else {
                return "entry \(entry.sequence) follows entry \(head): the log has a gap"
            }
            entries.append(entry)
            names.append(name(entry.change))
        }
        return nil
    }

    /// Takes off what a backup does not have.
    mutating func cut(to sequence: UInt64) {
        if head > sequence { former.append(entries) }
        while head > sequence {
            entries.removeLast()
            names.removeLast()
        }
    }

    /// What the entries say, each by its own name and by the one that follows from it.
    var contents: Set<ChangeID> { Set(names).union(entries.lazy.map(\.change.id)) }

    /// The sequences of changes, by their names.
    var sequences: [ChangeID: UInt64] {
        Dictionary(entries.map { ($0.change.id, $0.sequence) }) { first, _ in first }
    }
}
