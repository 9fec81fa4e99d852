import SyncCore
import SyncPorts

/// One reader's log, kept in memory by the rules that every keeper of a log follows.
final class TinyServer {
    private(set) var entries: [LogEntry] = []
    private var prefixes: [Digest128] = [.zero]
    private var recorded: [ReplicaID: [UInt64: Digest128]] = [:]
    var epoch: UInt64 = 9
    /// Most entries in a reply.
    var pageSize = 5
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
            let context = AdmissionContext(
                highWater: UInt64(own.count), recorded: own[change.id.number], cursor: cursor, now: now,
                ageConfirmed: true)
            if refusedFields.contains(change.key.field), UInt64(own.count) < change.id.number {
                recorded[change.id.replica, default: [:]][change.id.number] = change.contentDigest
                refused.append(
                    Refusal(number: change.id.number, code: .unknownEntity, detail: "never heard of it"))
                continue
            }
            switch Admission.decide(change, in: context) {
            case .appended(let admitted):
                recorded[change.id.replica, default: [:]][change.id.number] = change.contentDigest
                append(admitted, at: now)
            case .duplicate: continue
            case .refused(let refusal):
                recorded[change.id.replica, default: [:]][change.id.number] = change.contentDigest
                refused.append(refusal)
            case .forked, .gap: throw TinyServerError(what: "\(change.id) is out of order")
            }
        }
        return refused
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
        return SnapshotPage(cursor: cursor, versions: versions, articles: [], next: nil)
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
