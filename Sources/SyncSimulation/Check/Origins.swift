import SQLiteReplica
import SyncCore

/// Where a change came from, and what its author had heard of when it was made.
struct KnownOrigin {
    /// What a device knew, and since when.
    struct Knowledge {
        /// Changes of others, by when they were applied.
        var heard: [ChangeID: Int]
        /// Its own, by their places.
        var own: [ChangeID: Int64]
    }

    /// The author's device.
    var device: Int
    var knowledge: Knowledge
    /// How much of it there was then.
    var origin: Journal.Origin

    /// Whether the author had heard of a change.
    func knows(_ change: ChangeID) -> Bool {
        if let index = knowledge.heard[change], index < origin.known { return true }
        if let place = knowledge.own[change], place < origin.place { return true }
        return false
    }
}

/// A change by everything that it says: a name alone may be used again, by a device that was put back.
struct Saying: Hashable {
    var id: ChangeID
    var key: RegisterKey
    var value: Value

    init(_ change: Change) {
        (id, key, value) = (change.id, change.key, change.value)
        // What a note was based on is no part of what it says.
        if case .note(let text, _) = value { value = .note(text, base: "") }
    }
}

// What authors knew in truth, held against what their changes claim.
extension World {
    /// Notes where the changes of all devices came from, as far as they can be asked now.
    func traceOrigins() {
        for device in devices {
            guard let rows = history(of: device) else { continue }
            // Nothing new of its own, or under another name.
            var names = Hasher()
            for row in rows where row.isMine { names.combine(row.change.id) }
            let mark = SimulatedDevice.Traced(own: names.finalize(), acts: device.journal.entries.count)
            if device.traced == mark { continue }
            device.traced = mark
            let audit = audit(device, rows)
            var heard: [ChangeID: Int] = [:]
            for (index, id) in device.journal.known.enumerated() where heard[id] == nil { heard[id] = index }
            var own: [ChangeID: Int64] = [:]
            for row in rows where row.isMine && row.change.id.isNumbered { own[row.change.id] = row.place }
            let knowledge = KnownOrigin.Knowledge(heard: heard, own: own)
            for row in rows {
                // What came back to a device that was put back was first made by its earlier self.
                guard let origin = audit.origins[row.change.id], row.change.id.isNumbered, row.place == origin.place
                else { continue }
                let known = origins[device.reader][Saying(row.change), default: []]
                // A device that was put back may say the same again, under the same number, and know more then.
                if known.contains(where: { $0.origin.place == origin.place && $0.origin.known == origin.known }) {
                    continue
                }
                origins[device.reader][Saying(row.change), default: []].append(
                    KnownOrigin(device: device.index, knowledge: knowledge, origin: origin))
            }
        }
    }

    /// Holds a device's journal against its history, once while nothing changes them.
    func audit(_ device: SimulatedDevice, _ rows: [ChangeRecord]) -> Journal.Audit {
        if histories != nil, let known = audits[device.index] { return known }
        let audit = device.journal.audit(rows, wasCopied: device.wasCopied)
        if histories != nil { audits[device.index] = audit }
        return audit
    }

    /// No change claims to have seen what its author had not heard of: from such a claim, values would be lost without
    /// anybody being asked.
    func checkSeen(_ reader: Int) {
        var byKey: [RegisterKey: [LogEntry]] = [:]
        for entry in mirrors[reader].entries {
            defer { byKey[entry.change.key, default: []].append(entry) }
            guard let possible = origins[reader][Saying(entry.change)], let origin = possible.first else { continue }
            for earlier in byKey[entry.change.key] ?? [] where entry.change.seen.contains(earlier.sequence) {
                // Who heard of it heard of it by another name.
                guard !possible.contains(where: { $0.knows(earlier.change.id) }),
                    !givenNames.contains(earlier.change.id.replica),
                    earlier.change.id.replica != entry.change.id.replica
                else {
                    continue
                }
                return report(
                    .cursor,
                    "reader \(reader): \(entry.change.id) of \(Self.text(entry.change.key)) claims to have seen "
                        + "\(earlier.change.id), which device \(origin.device) had not heard of")
            }
        }
    }

    /// What shows a consent as given, or a newsletter as subscribed to, was said by somebody who had heard of every time
    /// that it was taken back.
    func checkOptOuts(_ reader: Int) {
        let entries = mirrors[reader].entries.filter {
            $0.change.key.field == .consent || $0.change.key.field == .subscribed
        }
        var model = NaiveReader()
        for entry in entries { model.append(entry) }
        guard let replica = devices(of: reader).first?.replica else { return }
        for key in model.keys {
            let shown: Value?
            do { shown = try replica.shown(key) } catch { return report(.error, "\(error)") }
            switch shown {
            case .flag(true), .consent(true, _): break
            default: continue
            }
            let said = entries.filter { $0.change.key == key }
            let answers = said.filter { !$0.change.isOptOut }
            // Who heard of one that got another name heard of it by its own.
            for optOut in said where optOut.change.isOptOut && !givenNames.contains(optOut.change.id.replica) {
                let isAnswered = answers.contains { isHeard(optOut.change.id, by: $0.change, said, reader) }
                if !isAnswered {
                    return report(
                        .optOut, "reader \(reader): \(Self.text(key)) is on, and \(optOut.change.id) was never heard")
                }
            }
        }
    }

    /// Whether an author had heard of a change, or of one whose author had.
    private func isHeard(_ change: ChangeID, by author: Change, _ said: [LogEntry], _ reader: Int) -> Bool {
        var waiting = [author]
        var visited: Set<ChangeID> = [author.id]
        while let next = waiting.popLast() {
            // Whose author cannot be asked any more is given the benefit of the doubt.
            guard let possible = origins[reader][Saying(next)] else { return true }
            if possible.contains(where: { $0.knows(change) }) { return true }
            for entry in said
            where possible.contains(where: { $0.knows(entry.change.id) }) && visited.insert(entry.change.id).inserted {
                waiting.append(entry.change)
            }
        }
        return false
    }
}
