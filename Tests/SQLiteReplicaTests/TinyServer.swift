import SyncCore
import SyncPorts

/// One reader's log, kept in memory by the rules that every keeper of a log follows.
final class TinyServer {
    private(set) var entries: [LogEntry] = []
    private var prefixes: [Digest128] = [.zero]
    private var recorded: [ReplicaID: [UInt64: Digest128]] = [:]
    /// Refusals are answered again when their change comes again: their answer may have been lost.
    private var refusals: [ChangeID: Refusal] = [:]
    var epoch: UInt64 = 9
    /// Most entries in a reply.
    var pageSize = 5
    /// The wording of consents in force.
    var wording: ConsentWording?
    /// What is refused, by field.
    var refusedFields: Set<Field> = []

    var cursor: StateCursor { cursor(at: UInt64(entries.count)) }

    func cursor(at sequence: UInt64) -> StateCursor {
        StateCursor(epoch: epoch, sequence: sequence, prefix: prefixes[Int(sequence)])
    }

    /// Takes what is pushed, without an answer: as when the answer is lost.
    @discardableResult
    func push(_ changes: [Change], cursor: UInt64, at now: WallTime) throws -> [Refusal] {
        var refused: [Refusal] = []
        for change in changes {
            let own = recorded[change.id.replica] ?? [:]
            var context = AdmissionContext(
                highWater: UInt64(own.count), recorded: own[change.id.number], cursor: cursor, now: now,
                wording: wording, ageConfirmed: true,
                cadences: ["daily", "weekly"].compactMap { Cadence($0) })
            context.entityKnown = !refusedFields.contains(change.key.field)
            if !context.entityKnown, change.isOptOut { context.cursor = 0 }
            switch Admission.decide(change, in: context) {
            case .appended(let admitted):
                note(change)
                append(admitted, at: now)
            case .duplicate:
                if let refusal = refusals[change.id] { refused.append(refusal) }
            case .refused(let refusal):
                note(change)
                refusals[change.id] = refusal
                refused.append(refusal)
            case .forked, .gap: throw TinyServerError(what: "\(change.id) is out of order")
            }
        }
        return refused
    }

    func note(_ change: Change) {
        recorded[change.id.replica, default: [:]][change.id.number] = change.contentDigest
    }

    func append(_ change: Change, at now: WallTime) {
        let entry = LogEntry(sequence: UInt64(entries.count) + 1, received: now, change: change)
        prefixes.append(entry.prefix(after: prefixes[entries.count]))
        entries.append(entry)
    }

    func exchange(_ state: SyncState, _ changes: [Change], at now: WallTime) throws -> ExchangeReply {
        let refused = try push(changes, cursor: state.cursor.sequence, at: now)
        let fresh = entries.dropFirst(Int(state.cursor.sequence)).prefix(pageSize)
        let end = state.cursor.sequence + UInt64(fresh.count)
        return ExchangeReply(
            time: now, entries: Array(fresh), cursor: cursor(at: end), remaining: UInt64(entries.count) - end,
            refused: refused)
    }

    /// All registers, as a snapshot has them.
    var snapshot: SnapshotPage {
        var registers: [RegisterKey: Register] = [:]
        for entry in entries {
            registers[entry.change.key, default: Register()].apply(entry.change, at: .logged(entry.sequence))
        }
        let versions = registers.values.flatMap(\.versions).sorted { $0.position < $1.position }
        return SnapshotPage(cursor: cursor, versions: versions, next: nil)
    }

    /// Goes back to an old backup.
    func restore(to count: Int, epoch: UInt64) {
        entries.removeLast(entries.count - count)
        prefixes.removeLast(prefixes.count - count - 1)
        self.epoch = epoch
        recorded = [:]
        for entry in entries {
            recorded[entry.change.id.replica, default: [:]][entry.change.id.number] =
                entry.change.contentDigest
        }
    }
}

struct TinyServerError: Error {
    var what: String
}

extension TinyServer {
    /// Counts every entry of the log as known under its number, as a keeper does that took it back from an offer.
    func restoreNumbers() {
        for entry in entries { note(entry.change) }
    }
}
