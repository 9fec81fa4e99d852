public import SyncCore

/// A difference between changes whose authors did not know of each other.
public struct Conflict: Sendable, Hashable {
    /// Where a difference stands.
    public enum State: Int, Sendable, Hashable, CaseIterable {
        /// The reader is asked.
        case open = 0
        /// A rule chose.
        case settled = 1
        /// Notes were merged line by line.
        case merged = 2
        /// It was open, and a later change decided it.
        case resolved = 3
    }

    /// Its name: eight or more hexadecimal digits, and `-2` and so on for later differences of the same field.
    public var id: String
    /// What the changes set.
    public var key: RegisterKey
    /// Where it stands.
    public var state: State
    /// The rule that chose what is shown meanwhile.
    public var rule: MergeRule?
    /// What the replica shows now.
    public var shown: Value?
    /// The competing values, in the order of the log. They stay after the difference is resolved.
    public var sides: [ConflictSide]
    /// What it came to: while it lasts what is shown, then the value of the change that decided it, or the rule's choice.
    public var settledOn: Value?
    /// The sides whose values are not in ``settledOn``: what was lost, unless the reader brings it back.
    public var lost: [ConflictSide]
    /// Whether the reader decided it and took that back, so that the field does not differ, but the reader is asked again.
    public var isReopened = false
    /// When it was first seen here.
    public var opened: WallTime
    /// When it ended; `nil` while it lasts.
    public var closed: WallTime?
}

/// One of the competing values.
public struct ConflictSide: Sendable, Hashable {
    /// The change.
    public var change: Change
    /// Its place in the log; `nil` while it is pending.
    public var sequence: UInt64?
    /// Whether this replica made it.
    public var isMine: Bool
}

/// How a conflict is to end.
public enum Resolution: Sendable, Hashable {
    /// With the newest value that this replica wrote.
    case mine
    /// With the newest value that another replica wrote.
    case theirs
    /// With both texts, mine first, `---` between them. Notes only.
    case both
    /// With this text. Notes only.
    case text(String)
}

/// What happens to differences of a kind of field without asking each time.
public enum ConflictPolicy: String, Sendable, Hashable, CaseIterable {
    /// The field's rule settles them; they are listed in the journal.
    case auto
    /// The reader is asked about every difference.
    case ask
    /// This replica's value is taken. Never for consents and subscriptions.
    case mine
    /// The other replica's value is taken. Never for consents and subscriptions.
    case theirs
}

extension RemoteCapabilities.FieldKind {
    /// What happens to differences of this kind unless the reader chooses otherwise (DESIGN.md §3): the reader is asked
    /// about notes, newsletters and consents, everything else is settled and listed in the journal.
    public var standardPolicy: ConflictPolicy {
        switch self {
        case .note, .subscribed, .frequency, .consent: .ask
        case .read, .saved, .progress, .tag, .ageConfirmed, .other: .auto
        }
    }
}
