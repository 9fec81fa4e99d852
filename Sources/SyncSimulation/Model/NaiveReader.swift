import SyncCore

/// What one reader's log means, by the letter of Protocol/spec.md §4 and nothing else: a second opinion, written to be
/// read beside the specification. It keeps every change of each field, looks at all of them each time, shares no code
/// with the engine beyond the types of changes, and is as slow as it likes.
struct NaiveReader {
    private struct Standing {
        var change: Change
        var sequence: UInt64
        var noteBase: String
    }

    /// How a value came about.
    enum Kind: String {
        case agreed, settled, merged, open
    }

    /// What a field shows.
    struct Outcome {
        var value: Value
        var kind: Kind
        var winner: ChangeID
        /// The versions, in the order of the log.
        var versions: [Change]
    }

    private var byField: [RegisterKey: [LogEntry]] = [:]
    /// Every field that somebody set, in the order in which it first was.
    private(set) var keys: [RegisterKey] = []

    /// Takes in the next entry of the log.
    mutating func append(_ entry: LogEntry) {
        if byField[entry.change.key] == nil { keys.append(entry.change.key) }
        byField[entry.change.key, default: []].append(entry)
    }

    /// What a field shows; `nil` if nobody ever set it.
    func shown(_ key: RegisterKey) -> Outcome? {
        var versions: [Standing] = []
        for entry in byField[key] ?? [] {
            let change = entry.change
            let seen = versions.filter { change.seen.contains($0.sequence) }
            let unseenOwn = versions.filter {
                $0.change.id.replica == change.id.replica && !change.seen.contains($0.sequence)
            }
            var base = ""
            if case .note(_, let own) = change.value { base = own }
            if let inherited = unseenOwn.first { base = inherited.noteBase }
            let gone = Set((seen + unseenOwn).map(\.sequence))
            versions.removeAll { gone.contains($0.sequence) || $0.change.id.replica == change.id.replica }
            versions.append(Standing(change: change, sequence: entry.sequence, noteBase: base))
        }
        return outcome(versions, of: key.field)
    }

    private func outcome(_ versions: [Standing], of field: Field) -> Outcome? {
        guard var best = versions.first else { return nil }
        for one in versions where versions.allSatisfy({ $0.sequence == one.sequence || Self.wins(one, over: $0, field) }) {
            best = one
        }
        let agree = versions.allSatisfy { Self.main($0.change.value) == Self.main(versions[0].change.value) }
        var result = Outcome(
            value: best.change.value, kind: agree ? .agreed : .settled, winner: best.change.id,
            versions: versions.map(\.change))
        guard !agree else { return result }
        switch field {
        case .note:
            let (text, overlaps) = Self.merged(versions)
            result.value = .note(text, base: versions[0].noteBase)
            result.kind = overlaps ? .open : .merged
        case .subscribed, .frequency, .consent: result.kind = .open
        default: break
        }
        return result
    }

    /// The main part of a value.
    private static func main(_ value: Value) -> String {
        switch value {
        case .read(let isRead, _): "\(isRead)"
        case .flag(let flag): "\(flag)"
        case .progress(let points): "\(points)"
        case .note(let text, _): text
        case .frequency(let cadence): cadence.name.text
        case .consent(let isGiven, _): "\(isGiven)"
        case .other(let value): "\(value)"
        }
    }

    private static func isLater(_ one: Change, _ other: Change) -> Bool {
        if one.stamp.milliseconds != other.stamp.milliseconds { return one.stamp.milliseconds > other.stamp.milliseconds }
        if one.stamp.counter != other.stamp.counter { return one.stamp.counter > other.stamp.counter }
        if one.id.replica.rawValue != other.id.replica.rawValue {
            return one.id.replica.rawValue > other.id.replica.rawValue
        }
        return one.id.number > other.id.number
    }

    /// The table of §4.
    private static func wins(_ one: Standing, over other: Standing, _ field: Field) -> Bool {
        let rarities = ["daily", "weekdays", "weekly", "fortnightly", "monthly", "quarterly"]
        switch (field, one.change.value, other.change.value) {
        case (.read, .read(_, let mine), .read(_, let theirs)) where mine != theirs:
            let order = ["bulk", "implicit", "explicit"]
            return (order.firstIndex(of: mine.text) ?? 0) > (order.firstIndex(of: theirs.text) ?? 0)
        case (.saved, .flag(let mine), .flag(let theirs)) where mine != theirs,
            (.tag, .flag(let mine), .flag(let theirs)) where mine != theirs,
            (.ageConfirmed, .flag(let mine), .flag(let theirs)) where mine != theirs:
            return mine
        case (.progress, .progress(let mine), .progress(let theirs)) where mine != theirs: return mine > theirs
        case (.subscribed, .flag(let mine), .flag(let theirs)):
            return mine != theirs ? !mine : one.sequence > other.sequence
        case (.consent, .consent(let mine, _), .consent(let theirs, _)):
            return mine != theirs ? !mine : one.sequence > other.sequence
        case (.frequency, .frequency(let mine), .frequency(let theirs)):
            let ranks = [mine, theirs].map { rarities.firstIndex(of: $0.name.text) ?? -1 }
            return ranks[0] != ranks[1] ? ranks[0] > ranks[1] : isLater(one.change, other.change)
        default: return isLater(one.change, other.change)
        }
    }

    private static func merged(_ versions: [Standing]) -> (text: String, overlaps: Bool) {
        func text(_ value: Value) -> String { if case .note(let text, _) = value { text } else { "" } }
        let base = versions[0].noteBase
        var (merged, latest, overlaps) = (text(versions[0].change.value), versions[0].change, false)
        for next in versions.dropFirst() {
            let isLater = isLater(next.change, latest)
            let step = NaiveLines.merge(base, merged, text(next.change.value), secondIsLater: isLater)
            merged = step.text
            overlaps = overlaps || step.overlaps
            if isLater { latest = next.change }
        }
        return (merged, overlaps)
    }
}
