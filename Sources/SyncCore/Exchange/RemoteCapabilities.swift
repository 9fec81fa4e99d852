/// What a remote can hold.
public struct RemoteCapabilities: Sendable, Hashable {
    /// Whether the remote says which changes an author had seen.
    public enum Causality: Sendable, Hashable {
        /// One log a reader, with sequences: "had it been seen?" is exact.
        case exact
        /// Only the present state: whatever arrives is taken as the remote's latest word.
        case none
    }

    /// Kinds of fields, apart from their parameters.
    public enum FieldKind: String, Sendable, Hashable, CaseIterable {
        // One case for each case of `Field`.
        case read, saved, progress, tag, note, subscribed, frequency, consent, ageConfirmed, other
    }

    /// The fields that can be sent there.
    public var fields: Set<FieldKind>
    /// Whether it keeps causality.
    public var causality: Causality
    /// Whether the replica can restore what the remote lost.
    public var restorable: Bool
    /// Most changes in one exchange.
    public var pushLimit: Int

    /// Makes a set of capabilities.
    public init(fields: Set<FieldKind>, causality: Causality, restorable: Bool, pushLimit: Int) {
        self.fields = fields
        self.causality = causality
        self.restorable = restorable
        self.pushLimit = pushLimit
    }

    /// Everything, as our own protocol has it.
    public static func full(pushLimit: Int) -> RemoteCapabilities {
        RemoteCapabilities(
            fields: Set(FieldKind.allCases), causality: .exact, restorable: true, pushLimit: pushLimit)
    }
}

extension RemoteCapabilities.FieldKind {
    /// The kind of `field`.
    public init(_ field: Field) {
        self =
            switch field {
            case .read: .read
            case .saved: .saved
            case .progress: .progress
            case .tag: .tag
            case .note: .note
            case .subscribed: .subscribed
            case .frequency: .frequency
            case .consent: .consent
            case .ageConfirmed: .ageConfirmed
            case .other: .other
            }
    }
}
