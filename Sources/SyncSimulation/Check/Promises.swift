import SQLiteReplica
import SyncCore

// The promises, one by one; see ``Violation/Promise``.
extension World {
    func checkPromises() throws {
        histories = [:]
        defer { histories = nil }
        traceOrigins()
        for reader in 0..<scenario.readers {
            let owners = devices(of: reader)
            let sequences = mirrors[reader].sequences
            if let id = owed[reader].subtracting(mirrors[reader].contents).min() {
                report(
                    .acknowledged,
                    "reader \(reader): \(id) was acknowledged, is held, and is not in the log: \(holders(of: id, reader))"
                )
            }
            owed[reader] = []
            var states: [String] = []
            for device in owners {
                guard let replica = device.replica else { continue }
                states.append(try replica.exportState())
                try checkReplica(device, replica, sequences)
                guard violation == nil else { return }
            }
            for (device, state) in zip(owners, states) where state != states[0] {
                let difference = Self.firstDifference(states[0], state)
                report(.convergence, "devices \(owners[0].index) and \(device.index) differ: \(difference)")
            }
            if violation == nil { checkStamps(reader) }
            if violation == nil { checkSeen(reader) }
            if violation == nil, let replica = owners.first?.replica { try checkModel(reader, replica) }
            if violation == nil { checkOptOuts(reader) }
            guard violation == nil else { return }
        }
    }

    private func holders(of id: ChangeID, _ reader: Int) -> String {
        devices(of: reader).compactMap { device in
            history(of: device)?.first { name(of: $0.change) == id || $0.change.id == id }.map { row in
                "device \(device.index) has it as \(Self.text(row.change)), \(row.state), at \(row.sequence ?? 0)"
            }
        }.joined(separator: "; ")
    }

    private func checkReplica(
        _ device: SimulatedDevice, _ replica: Replica, _ sequences: [ChangeID: UInt64]
    ) throws {
        let place = "device \(device.index)"
        // What was done to nobody's file is looked at now and then: it takes longer than all that the device did.
        if dice.chance(device.mayBeDamaged ? 500 : 300) {
            let problems = try replica.checkIntegrity(pages: device.mayBeDamaged)
            device.mayBeDamaged = false
            if let problem = problems.first { return report(.integrity, "\(place): \(problem)") }
        }
        guard let rows = history(of: device) else { return }
        let audit = audit(device, rows)
        if let problem = audit.problems.first { return report(.conservation, "\(place): \(problem)") }
        checkRows(rows, of: device, sequences)
        if violation == nil { checkLast(rows, of: device, sequences) }
        for item in try replica.setAsideList() { checkSetAside(item, place) }
        let unseen = Set(try replica.articleIDs(ArticleFilter(unread: false))).subtracting(marked[device.reader])
        if let article = unseen.sorted().first {
            report(.unseen, "\(place): \(Self.name(of: article)) is read, and nobody marked it")
        }
        guard violation == nil else { return }
        try checkLosers(device, replica)
    }

    /// What the reader said last of each field on a device is in the log, or was set aside: nothing but a later word of
    /// the same reader takes a change back that never left.
    private func checkLast(_ rows: [ChangeRecord], of device: SimulatedDevice, _ sequences: [ChangeID: UInt64]) {
        var seen: Set<RegisterKey> = []
        for row in rows.reversed() where row.isMine && seen.insert(row.change.key).inserted {
            guard row.state == .superseded, row.sequence == nil, sequences[row.change.id] == nil,
                !lost[device.reader].contains(name(of: row.change))
            else { continue }
            return report(
                .conservation,
                "device \(device.index): \(row.change.id) of \(Self.text(row.change.key)) never reached the log")
        }
    }

    /// Every row that stands in the log is what the log says.
    private func checkRows(_ rows: [ChangeRecord], of device: SimulatedDevice, _ sequences: [ChangeID: UInt64]) {
        let entries = mirrors[device.reader].entries
        for row in rows {
            if row.state == .pending {
                return report(.progress, "device \(device.index): \(row.change.id) is still pending")
            }
            guard row.sequence != nil else { continue }
            guard let sequence = sequences[row.change.id] else {
                if lost[device.reader].contains(name(of: row.change)) { continue }
                return report(.acknowledged, "device \(device.index): \(row.change.id) is not in the log")
            }
            let entry = entries[Int(sequence) - 1].change
            guard entry.key == row.change.key, entry.value == row.change.value else {
                return report(
                    .acknowledged,
                    "device \(device.index): \(row.change.id) says \(row.change.value), in the log \(entry.value)")
            }
        }
    }

    /// A clock that is wrong by years decides nothing by it.
    private func checkStamps(_ reader: Int) {
        for entry in mirrors[reader].entries {
            let lead = entry.change.stamp.milliseconds - entry.received.milliseconds
            if lead > HybridClock.toleratedLead {
                return report(.clock, "reader \(reader): \(entry.change.id) is \(lead) ms ahead of its receipt")
            }
        }
    }

    private func checkSetAside(_ item: SetAsideChange, _ place: String) {
        if item.change.isOptOut {
            report(.setAside, "\(place): an opt-out was set aside: \(item.detail)")
        }
        let isPossible =
            switch (item.code, item.change.key.field) {
            case (.wordingOutdated, .consent), (.ageNotConfirmed, .subscribed), (.cadenceNotOffered, .frequency),
                (.unknownEntity, .subscribed), (.unknownEntity, .frequency), (.unknownEntity, .consent):
                true
            case (.seenAhead, .consent), (.seenAhead, .subscribed): scenario.faults.contains(.refusals)
            default: false
            }
        if !isPossible {
            report(.setAside, "\(place): \(item.change.key.field.text) was set aside as \(item.code): \(item.detail)")
        }
    }

    static func name(of article: ArticleID) -> String {
        (0..<2_000).first { Publisher.article($0) == article }.map { "article \($0)" } ?? "article \(article)"
    }

    private static func firstDifference(_ left: String, _ right: String) -> String {
        let (left, right) = (left.split(separator: "\n"), right.split(separator: "\n"))
        for (one, other) in zip(left, right) where one != other { return "\(one) <> \(other)" }
        return "\(left.count) and \(right.count) registers"
    }
}
