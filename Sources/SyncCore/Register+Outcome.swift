/// What a register shows, and why.
public struct Outcome: Hashable, Sendable {
    /// How the value came about.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// One version, or several that say the same.
        case agreed
        /// Concurrent versions differ, and a rule chose; the others are in the journal.
        case settled
        /// Concurrent notes were merged line by line without overlap.
        case merged
        /// Concurrent versions differ, and the reader is asked; until then a rule's choice is shown.
        case open
    }

    /// How the value came about.
    public var kind: Kind
    /// The value shown.
    public var value: Value
    /// The version whose value is shown; for a merged note the later one.
    public var winner: Version
    /// The versions whose values are not shown.
    public var losers: [Version]
    /// The rule, as a sentence for the reader; `nil` where nothing had to be decided.
    public var rule: MergeRule?
}

/// The rules of DESIGN.md §3 for concurrent changes of one field.
public enum MergeRule: String, Hashable, Sendable, CaseIterable {
    /// Explicit beats implicit beats bulk; then the later.
    case deliberateThenLater
    /// Saved wins.
    case savedWins
    /// The furthest wins.
    case furthestWins
    /// A tag that was added anew stays.
    case addWins
    /// Lines of both; where they overlap the later.
    case linesThenLater
    /// Unsubscribed wins.
    case unsubscribedWins
    /// The rarer mailing holds.
    case rarerHolds
    /// Withdrawn wins.
    case withdrawnWins
    /// Confirmed once is confirmed.
    case confirmedWins
    /// The later wins.
    case laterWins
}

extension Field {
    /// The rule for concurrent changes of this field.
    public var mergeRule: MergeRule {
        switch self {
        case .read: .deliberateThenLater
        case .saved: .savedWins
        case .progress: .furthestWins
        case .tag: .addWins
        case .note: .linesThenLater
        case .subscribed: .unsubscribedWins
        case .frequency: .rarerHolds
        case .consent: .withdrawnWins
        case .ageConfirmed: .confirmedWins
        case .other: .laterWins
        }
    }

    /// Whether the reader is asked when concurrent changes of this field differ; the others are settled and
    /// listed in the journal.
    public var asksReader: Bool {
        switch self {
        case .note, .subscribed, .frequency, .consent: true
        case .read, .saved, .progress, .tag, .ageConfirmed, .other: false
        }
    }
}

extension Register {
    /// What the register shows; `nil` if it is empty. The one merge function: server, client and simulator call
    /// no other.
    ///
    /// - Complexity: O(n) in the number of versions; for notes also the line merge's cost.
    public var outcome: Outcome? {
        guard let first = versions.first else { return nil }
        let rule = first.change.key.field.mergeRule
        if rule == .linesThenLater { return noteOutcome(first) }
        var winner = first
        for version in versions.dropFirst() where rule.prefers(version, to: winner) { winner = version }
        let losers = versions.filter { $0 != winner }
        let differ = losers.contains { !$0.change.value.agrees(with: winner.change.value) }
        let asks = first.change.key.field.asksReader
        return Outcome(
            kind: differ ? (asks ? .open : .settled) : .agreed, value: winner.change.value, winner: winner,
            losers: losers, rule: differ ? rule : nil)
    }

    private func noteOutcome(_ first: Version) -> Outcome? {
        // Without a base that all share, nobody can be said to have taken a line away.
        let isShared = versions.allSatisfy { $0.noteBase.utf8.elementsEqual(first.noteBase.utf8) }
        let base = isShared ? first.noteBase : ""
        var (text, winner, overlapped) = (first.noteText, first, false)
        for version in versions.dropFirst() {
            let later = version.change.isLater(than: winner.change)
            let merge = LineMerge.merge(base: base, text, version.noteText, secondIsLater: later)
            (text, overlapped) = (merge.text, overlapped || merge.overlaps)
            if later { winner = version }
        }
        let losers = versions.filter { $0 != winner }
        let differ = losers.contains { !$0.change.value.agrees(with: winner.change.value) }
        let kind: Outcome.Kind = !differ ? .agreed : overlapped ? .open : .merged
        let value = differ ? Value.note(text, base: base) : winner.change.value
        return Outcome(
            kind: kind, value: value, winner: winner, losers: losers, rule: differ ? .linesThenLater : nil)
    }
}

extension Version {
    fileprivate var noteText: String {
        if case .note(let text, _) = change.value { text } else { "" }
    }
}

extension MergeRule {
    /// Whether `candidate` takes precedence over `holder`; both are of one field. Strict, total, and free of the
    /// order in which versions are compared.
    func prefers(_ candidate: Version, to holder: Version) -> Bool {
        let (new, old) = (candidate.change, holder.change)
        switch (self, new.value, old.value) {
        case (.deliberateThenLater, .read(_, let newOrigin), .read(_, let oldOrigin)) where newOrigin != oldOrigin:
            return newOrigin > oldOrigin
        case (.savedWins, .flag(let newFlag), .flag(let oldFlag)) where newFlag != oldFlag,
            (.addWins, .flag(let newFlag), .flag(let oldFlag)) where newFlag != oldFlag,
            (.confirmedWins, .flag(let newFlag), .flag(let oldFlag)) where newFlag != oldFlag:
            return newFlag
        case (.furthestWins, .progress(let newPoints), .progress(let oldPoints)) where newPoints != oldPoints:
            return newPoints > oldPoints
        case (.unsubscribedWins, .flag(let newFlag), .flag(let oldFlag)):
            return newFlag == oldFlag ? candidate.position > holder.position : !newFlag
        case (.withdrawnWins, .consent(let newFlag, _), .consent(let oldFlag, _)):
            // Never the clock: a device with a wrong one must not choose which record of a consent counts.
            return newFlag == oldFlag ? candidate.position > holder.position : !newFlag
        case (.rarerHolds, .frequency(let newCadence), .frequency(let oldCadence))
        where newCadence.rarity != oldCadence.rarity:
            return newCadence.rarity > oldCadence.rarity
        default:
            return new.isLater(than: old)
        }
    }
}
