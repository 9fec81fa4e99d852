/// Where a change stands: in the remote's log, or behind all of it among the replica's own pending changes.
public enum LogPosition: Hashable, Comparable, Sendable {
    /// At this sequence of the reader's log.
    case logged(UInt64)
    /// Pending, in the replica's own order.
    case pending(UInt64)
}

/// A change that still counts for its register: no later change has seen it.
public struct Version: Hashable, Sendable {
    /// The change.
    public let change: Change
    /// Where it stands.
    public let position: LogPosition
    /// For a note: the text that both sides of a merge go back to. It is the change's own base, unless the change
    /// replaced an unseen version of the same author, whose base it then inherits.
    public let noteBase: String

    /// Makes a version.
    public init(change: Change, position: LogPosition, noteBase: String) {
        self.change = change
        self.position = position
        self.noteBase = noteBase
    }
}

/// One field of one entity: every value that no later change has seen, in log order. Usually that is one; more
/// than one means that replicas wrote without knowing of each other. The value shown follows from the versions by
/// fixed rules (``outcome``), so server, clients and simulator agree without asking each other.
///
/// This is a multi-value register with dotted causality (Preguiça, Baquero, Almeida et al., "Dotted Version
/// Vectors", 2010), where the reader's one gapless log takes the place of the vector: "had the author seen it?"
/// is one comparison of integers. A single winner per field, as DESIGN.md §3 has it, would forget losers that
/// later changes must still be compared with; see Protocol/decisions/0001.
public struct Register: Hashable, Sendable {
    /// The versions that count, in the order of their positions.
    public private(set) var versions: [Version]

    /// Makes an empty register.
    public init() {
        versions = []
    }

    /// Makes a register from stored versions, which are put in order.
    public init(versions: [Version]) {
        self.versions = versions.sorted { $0.position < $1.position }
    }

    /// Applies a change at its position: it takes the place of every version its author had seen or made itself before,
    /// and stands beside the others. A change that comes after a later one of its own author, as when a restored log
    /// gets its entries back from several replicas, is overtaken: it is applied, and is no version. A change at or before the last position is already part of the register and
    /// has no effect, so redelivery is harmless.
    ///
    /// - Returns: the versions that were replaced; `nil` if the change was already applied.
    /// - Complexity: O(n) in the number of versions, at most one for each replica.
    @discardableResult
    public mutating func apply(_ change: Change, at position: LogPosition) -> [Version]? {
        if let last = versions.last, position <= last.position { return nil }
        let replaced = versions.filter { isSeen($0, by: change) }
        let inherited = replaced.first { version in
            version.change.id.replica == change.id.replica && !isInContext(version, of: change)
        }
        var base = ""
        if case .note(_, let own) = change.value { base = inherited?.noteBase ?? own }
        versions = versions.filter { !isSeen($0, by: change) }
        if versions.contains(where: { $0.change.id.replica == change.id.replica }) { return replaced }
        versions.append(Version(change: change, position: position, noteBase: base))
        return replaced
    }

    private func isSeen(_ version: Version, by change: Change) -> Bool {
        version.change.id.replica == change.id.replica && version.change.id.isEarlier(than: change.id)
            || isInContext(version, of: change)
    }

    private func isInContext(_ version: Version, of change: Change) -> Bool {
        guard case .logged(let sequence) = version.position else { return false }
        return change.seen.contains(sequence)
    }
}

extension ChangeID {
    /// Whether one replica made this change before another of its own. One without a number is the newest.
    fileprivate func isEarlier(than other: ChangeID) -> Bool {
        !other.isNumbered || (isNumbered && number < other.number)
    }
}
