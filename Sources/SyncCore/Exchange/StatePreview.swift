/// What a sync would do to the reader's state.
public struct StatePreview: Sendable, Hashable {
    /// A difference that would arise.
    public struct Difference: Sendable, Hashable {
        /// The field.
        public var key: RegisterKey
        /// What the replica shows now; `nil` if nothing.
        public var before: Value?
        /// What it would show.
        public var after: Value
        /// Whether the reader would be asked, or a rule would settle it.
        public var kind: Outcome.Kind
        /// The rule that would choose.
        public var rule: MergeRule?

        /// Makes a difference.
        public init(key: RegisterKey, before: Value?, after: Value, kind: Outcome.Kind, rule: MergeRule?) {
            self.key = key
            self.before = before
            self.after = after
            self.kind = kind
            self.rule = rule
        }
    }

    /// Changes that would be sent, coalesced.
    public var outgoing: [Change]
    /// Changes by other replicas that would come.
    public var incoming: [LogEntry]
    /// Concurrent changes that would meet.
    public var differences: [Difference]
    /// Marks that would be turned over.
    public var flips: Flips

    /// Makes a preview.
    public init(
        outgoing: [Change], incoming: [LogEntry], differences: [Difference], flips: Flips = Flips()
    ) {
        self.flips = flips
        self.outgoing = outgoing
        self.incoming = incoming
        self.differences = differences
    }
}
