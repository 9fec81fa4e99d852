import SyncCore

/// What one reader's log means, by the letter of Protocol/spec.md §4: a second opinion, to be read beside the
/// specification. It keeps every change of each field, looks at all of them each time it is asked, shares nothing with
/// the engine but the types of changes and values, and takes quadratic time wherever that is plainer.
public struct NaiveReader {
    private var byField: [RegisterKey: [LogEntry]] = [:]

    /// Every field somebody ever set, in the order in which each was first set.
    public private(set) var keys: [RegisterKey] = []

    /// Before anything was said.
    public init() {}

    /// Takes the next entry of the log. Entries come in the order of their sequences; one that the field already has
    /// (rule 1: something at this sequence or behind it) does nothing.
    public mutating func append(_ entry: LogEntry) {
        let key = entry.change.key
        if byField[key] == nil { keys.append(key) }
        if byField[key, default: []].contains(where: { $0.sequence >= entry.sequence }) { return }
        byField[key, default: []].append(entry)
    }

    /// What a field shows when a device's own changes stand behind the log.
    ///
    /// - Parameters:
    ///   - key: the field.
    ///   - pending: unacknowledged changes of any fields, in the order in which they were made.
    /// - Returns: `nil` if nobody ever set the field.
    public func shown(_ key: RegisterKey, pending: [Change]) -> NaiveOutcome? {
        let logged = byField[key, default: []].map { Said(change: $0.change, sequence: $0.sequence) }
        let said = logged + pending.filter { $0.key == key }.map { Said(change: $0, sequence: nil) }
        let versions = said.indices.filter { Self.counts($0, in: said) }
        // "Larger sequence" is the place in `said`: pending changes stand behind every sequence.
        let winner = versions.first { one in
            versions.allSatisfy { $0 == one || Self.beats(one, $0, in: said) }
        }
        guard let winner else { return nil }
        var outcome = NaiveOutcome(
            value: said[winner].change.value, standing: .settled, competing: versions.map { said[$0].change.id },
            winner: said[winner].change.id)
        if versions.allSatisfy({ Self.agree(said[$0].change.value, said[winner].change.value) }) {
            outcome.standing = .agreed
            return outcome
        }
        switch key.field {
        case .note:
            let merged = Self.mergedNote(versions, in: said)
            outcome.value = merged.value
            outcome.standing = merged.overlaps ? .open : .merged
        case .subscribed, .frequency, .consent: outcome.standing = .open
        case .read, .saved, .progress, .tag, .ageConfirmed, .other: outcome.standing = .settled
        }
        return outcome
    }
}

/// What a field shows, and how that came about.
public struct NaiveOutcome: Hashable, Sendable {
    /// How the value came about.
    public enum Standing: String, Hashable, Sendable {
        /// One change counts, or all that count say the same.
        case agreed
        /// The rule of the field decided, and the reader is not asked.
        case settled
        /// Notes were merged by lines without an overlap.
        case merged
        /// The rule of the field decided until the reader does.
        case open
    }

    /// The value.
    public var value: Value
    /// How it came about.
    public var standing: Standing
    /// All changes that still count, in the order of the log, the device's own pending one last.
    public var competing: [ChangeID]
    /// The one that the rule picks; of notes the latest.
    public var winner: ChangeID
}

/// A change of one field, and where it stands in the log; pending ones have no place yet.
private struct Said {
    var change: Change
    var sequence: UInt64?

    func hasSeen(_ other: Said) -> Bool {
        guard let sequence = other.sequence else { return false }
        return sequence <= change.seen.through || change.seen.also.contains(sequence)
    }

    /// Whether their author made this one before `other`, which stands behind it: by their numbers; what has no number
    /// yet is newer than all before it.
    func isEarlier(than other: Said) -> Bool {
        if other.change.id.number == 0 { return true }
        return change.id.number != 0 && change.id.number < other.change.id.number
    }

    func isBySameReplica(as other: Said) -> Bool { change.id.replica == other.change.id.replica }
}

extension NaiveReader {
    /// Whether nothing took the change's place: no later change had seen it, and its author said nothing later, neither
    /// behind it nor, where the log got its entries back out of order, before it.
    private static func counts(_ index: Int, in said: [Said]) -> Bool {
        isStanding(index, before: said.count, in: said)
    }

    /// Whether the change at `index` counted when the one at `end` was about to be applied.
    private static func isStanding(_ index: Int, before end: Int, in said: [Said]) -> Bool {
        let one = said[index]
        let isReplaced = said[(index + 1)..<end].contains {
            $0.hasSeen(one) || ($0.isBySameReplica(as: one) && one.isEarlier(than: $0))
        }
        let isOvertaken = said.indices.prefix(index).contains { earlier in
            said[earlier].isBySameReplica(as: one) && !said[earlier].isEarlier(than: one) && !one.hasSeen(said[earlier])
                && isStanding(earlier, before: index, in: said)
        }
        return !isReplaced && !isOvertaken
    }

    /// The text that the author of a note started from: what the change says, unless it took the place of one of the
    /// same author that it does not claim to have seen. Then it goes on from where that one started.
    private static func noteBase(_ index: Int, in said: [Said]) -> String {
        for earlier in 0..<index
        where said[earlier].isBySameReplica(as: said[index]) && said[earlier].isEarlier(than: said[index]) {
            if isStanding(earlier, before: index, in: said), !said[index].hasSeen(said[earlier]) {
                return noteBase(earlier, in: said)
            }
        }
        guard case .note(_, let base) = said[index].change.value else { return "" }
        return base
    }

    /// The table of §4: the higher rank wins, then the larger sequence or the later change.
    private static func beats(_ one: Int, _ other: Int, in said: [Said]) -> Bool {
        let (mine, theirs) = (said[one].change, said[other].change)
        if rank(mine.value, mine.key.field) != rank(theirs.value, theirs.key.field) {
            return rank(mine.value, mine.key.field) > rank(theirs.value, theirs.key.field)
        }
        switch mine.key.field {
        case .subscribed, .consent: return one > other
        default: return isLater(mine, theirs)
        }
    }

    private static func rank(_ value: Value, _ field: Field) -> Int {
        switch (field, value) {
        case (.read, .read(_, let origin)):
            switch origin {
            case .explicit: 3
            case .implicit: 2
            case .bulk: 1
            }
        case (.saved, .flag(let isOn)), (.tag, .flag(let isOn)), (.ageConfirmed, .flag(let isOn)): isOn ? 1 : 0
        case (.progress, .progress(let points)): points
        case (.subscribed, .flag(let isOn)), (.consent, .consent(let isOn, _)): isOn ? 0 : 1
        case (.frequency, .frequency(let cadence)):
            switch cadence.name.text {
            case "daily": 1
            case "weekdays": 2
            case "weekly": 3
            case "fortnightly": 4
            case "monthly": 5
            case "quarterly": 6
            default: 0
            }
        default: 0
        }
    }

    /// Stamp, then replica id as a number, then change number.
    private static func isLater(_ one: Change, _ other: Change) -> Bool {
        if one.stamp.milliseconds != other.stamp.milliseconds {
            return one.stamp.milliseconds > other.stamp.milliseconds
        }
        if one.stamp.counter != other.stamp.counter { return one.stamp.counter > other.stamp.counter }
        if one.id.replica != other.id.replica { return one.id.replica.rawValue > other.id.replica.rawValue }
        return one.id.number > other.id.number
    }

    /// Whether two values say the same: who marked, under which wording and from which base does not count. Texts are
    /// the same when their bytes are.
    private static func agree(_ one: Value, _ other: Value) -> Bool {
        switch (one, other) {
        case (.read(let mine, _), .read(let theirs, _)): mine == theirs
        case (.flag(let mine), .flag(let theirs)): mine == theirs
        case (.progress(let mine), .progress(let theirs)): mine == theirs
        case (.note(let mine, _), .note(let theirs, _)): Array(mine.utf8) == Array(theirs.utf8)
        case (.frequency(let mine), .frequency(let theirs)): Array(mine.name.text.utf8) == Array(theirs.name.text.utf8)
        case (.consent(let mine, _), .consent(let theirs, _)): mine == theirs
        case (.other(let mine), .other(let theirs)): agree(mine, theirs)
        default: false
        }
    }

    /// Whether two JSON values are the same, whatever the order of their members; strings are when their bytes are
    /// (RFC 8259 §8.3, code unit by code unit).
    private static func agree(_ one: JSONValue, _ other: JSONValue) -> Bool {
        switch (one, other) {
        case (.string(let mine), .string(let theirs)): Array(mine.utf8) == Array(theirs.utf8)
        case (.array(let mine), .array(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { agree($0, $1) }
        case (.object(let mine), .object(let theirs)):
            mine.count == theirs.count
                && mine.allSatisfy { name, value in
                    theirs.contains { Array($0.utf8) == Array(name.utf8) && agree($1, value) }
                }
        default: one == other
        }
    }

    private static func mergedNote(_ versions: [Int], in said: [Said]) -> (value: Value, overlaps: Bool) {
        func text(_ index: Int) -> String {
            guard case .note(let text, _) = said[index].change.value else { return "" }
            return text
        }
        let bases = versions.map { noteBase($0, in: said) }
        let base = bases.allSatisfy { $0.utf8.elementsEqual(bases[0].utf8) } ? bases[0] : ""
        var merged = text(versions[0])
        var latest = said[versions[0]].change
        var overlaps = false
        for next in versions.dropFirst() {
            let nextIsLater = isLater(said[next].change, latest)
            let step = NaiveLines.merge(base: base, merged, text(next), secondIsLater: nextIsLater)
            merged = step.text
            overlaps = overlaps || step.overlaps
            if nextIsLater { latest = said[next].change }
        }
        return (.note(merged, base: base), overlaps)
    }
}
