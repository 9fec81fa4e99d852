import SQLiteReplica
import SyncCore

// What replicas show, held against the naive model of the specification.
extension World {
    /// Compares everything that a replica shows with what the log means.
    func checkModel(_ reader: Int, _ replica: Replica) throws {
        var model = NaiveReader()
        for entry in mirrors[reader].entries { model.append(entry) }
        var open: [RegisterKey: Conflict] = [:]
        for conflict in try replica.conflicts(includeSettled: true, limit: 1_000_000) where conflict.closed == nil {
            open[conflict.key] = conflict
        }
        let hasPolicies = try replica.policies().contains { $0.value != $0.key.standardPolicy }
        for key in model.keys {
            guard let expected = model.shown(key, pending: []) else { continue }
            let shown = try replica.shown(key)
            guard let shown, Self.equal(shown, expected.value) else {
                return report(
                    .model,
                    "reader \(reader): \(Self.text(key)) shows \(shown.map { "\($0)" } ?? "nothing"), by the specification "
                        + "\(expected.value) of \(expected.winner), \(expected.standing)")
            }
            checkCompeting(key, expected, open[key], reader, hasPolicies: hasPolicies)
            if violation != nil { return }
        }
    }

    /// Where values compete, the reader can look at each of them.
    private func checkCompeting(
        _ key: RegisterKey, _ expected: NaiveOutcome, _ conflict: Conflict?, _ reader: Int, hasPolicies: Bool
    ) {
        guard expected.standing != .agreed else { return }
        guard let conflict else {
            return report(
                .losers, "reader \(reader): \(Self.text(key)) is \(expected.standing), and no difference is listed")
        }
        let sides = Set(conflict.sides.map(\.change.id))
        for version in expected.competing where !sides.contains(version) {
            return report(.losers, "reader \(reader): \(Self.text(key)): \(version) competes and is not listed")
        }
        // By default the reader is asked; those who chose otherwise are not.
        if !hasPolicies, expected.standing == .open, conflict.state != .open {
            report(.model, "reader \(reader): \(Self.text(key)) is not asked about: \(conflict.state)")
        }
    }

    /// Every side of every difference that a device ever listed is there still.
    func checkLosers(_ device: SimulatedDevice, _ replica: Replica) throws {
        var listed: [String: Set<ChangeID>] = [:]
        var names: [String: Set<ChangeID>] = [:]
        for conflict in try replica.conflicts(includeSettled: true, limit: 1_000_000) {
            listed[conflict.id] = Set(conflict.sides.map { name(of: $0.change) })
            names[conflict.id] = Set(conflict.sides.flatMap { [name(of: $0.change), $0.change.id] })
        }
        for (id, sides) in device.listed.sorted(by: { $0.key < $1.key }) {
            let missing = sides.subtracting(names[id] ?? [])
            if let side = missing.sorted().first {
                return report(.losers, "device \(device.index): difference \(id) no longer lists \(side)")
            }
        }
        device.listed = listed
    }

    private static func equal(_ left: Value, _ right: Value) -> Bool {
        if case (.note(let mine, _), .note(let theirs, _)) = (left, right) {
            return mine.utf8.elementsEqual(theirs.utf8)
        }
        return left == right
    }

    static func text(_ change: Change) -> String {
        "\(change.id) \(text(change.key)) = \(change.value), seen \(change.seen.through) \(change.seen.also)"
    }

    static func text(_ key: RegisterKey) -> String {
        if case .article(let article) = key.entity { return "\(name(of: article)) \(key.field.text)" }
        return "\(key.entity) \(key.field.text)"
    }
}
