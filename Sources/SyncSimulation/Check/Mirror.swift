import SyncCore

/// One reader's log as it should be: everything the server ever said it has, kept outside of the server. What a restored
/// backup lost is taken off, what compaction takes stays.
struct Mirror {
    /// The entries, from sequence 1 without a gap.
    private(set) var entries: [LogEntry] = []
    /// Of each entry the name that follows from what it says (``Change/nameWhereTaken``), whatever name it stands under.
    private(set) var names: [ChangeID] = []

    /// The newest sequence.
    var head: UInt64 { entries.last?.sequence ?? 0 }

    /// Takes in what the log has beyond the mirror.
    mutating func extend(by newer: [LogEntry]) -> String? {
        for entry in newer {
            guard entry.sequence == head + 1 else {
                return "entry \(entry.sequence) follows entry \(head): the log has a gap"
            }
            entries.append(entry)
            names.append(entry.change.nameWhereTaken)
        }
        return nil
    }

    /// Takes off what a backup does not have.
    mutating func cut(to sequence: UInt64) {
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
