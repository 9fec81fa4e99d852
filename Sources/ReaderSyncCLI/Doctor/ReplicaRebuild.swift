import Glibc
import SQLiteReplica
import SyncCore
import SyncPorts
import SystemPorts
import TerminalText

/// A new replica in the place of a damaged one.
struct ReplicaRebuild {
    private let context: Context

    init(_ context: Context) {
        self.context = context
    }

    func run() throws {
        let path = context.path
        guard FileText.exists(path) else {
            throw CommandFailure(
                .notFound, "noReplica", "there is no replica at \(path)", remedy: context.firstStep)
        }
        guard let token = try FileSyncLock(path: path + "-sync.lock").acquire() else {
            throw CommandFailure(
                .failure, "alreadySyncing", "another reader-sync is syncing this replica",
                remedy: "try again when it is done")
        }
        defer { token.release() }
        try refuseIfForeign()
        try refuseIfWhole()
        let rescue = Replica.rescue(from: path)
        let aside = try moveAside(rescue)
        report(rescue, aside)
    }

    /// A file that is no replica is not moved about. Damage may have taken the mark that tells; then the place must.
    private func refuseIfForeign() throws {
        switch ReplicaMark(ofFile: context.path) {
        case .ours: return
        case .none where context.isStandingPath: return
        case .none, .other:
            throw CommandFailure.usage(
                "\(context.path) does not look like a replica",
                remedy: "if it was one, move it away, then '\(context.command("init"))'")
        }
    }

    private func refuseIfWhole() throws {
        let problems: [String]
        do { problems = try Replica(opening: context.path, for: .reading).checkIntegrity() } catch {
            guard error.code == .damaged else { throw error }
            return
        }
        if problems.isEmpty {
            throw CommandFailure.usage(
                "the replica is whole; there is nothing to rebuild", remedy: "run '\(context.command("doctor"))'")
        }
    }

    /// Makes the new file whole before the old one loses its place; at each moment one of the two is there under a name
    /// that says what it is.
    private func moveAside(_ rescue: Rescue) throws -> String {
        let path = context.path
        let stamp = TimeText.timestamp(context.now).filter { $0.isNumber }.prefix(14)
        let (made, aside) = (path + ".rebuilt", "\(path).damaged-\(stamp)")
        for suffix in ["", "-wal", "-shm"] { unlink(made + suffix) }
        var draw = RandomDraw(SystemRandomSource())
        let replica = try Replica.create(at: made, as: .random(using: &draw), remote: rescue.remote)
        try replica.adopt(rescue, at: context.now)
        // Closing the only connection empties its log into the file.
        try replica.close()
        for suffix in ["-wal", "-shm", ""] where FileText.exists(path + suffix) {
            guard rename(path + suffix, aside + suffix) == 0 else {
                throw CommandFailure.system("\(path): \(FileText.reason)")
            }
        }
        guard rename(made, path) == 0 else { throw CommandFailure.system("\(made): \(FileText.reason)") }
        return aside
    }

    private func report(_ rescue: Rescue, _ aside: String) {
        let (output, lost) = (context.output, rescue.unreadable)
        var losses = rescue.losses
        if lost > 0 { losses.append("\(Plural.changes(lost)) cannot be read") }
        output.result(
            .object([
                "path": .string(context.path), "damaged": .string(aside), "changes": .count(rescue.changes.count),
                "feeds": .count(rescue.subscriptions.count), "losses": .array(losses.map { .string($0) }),
            ]),
            lines: [
                StyledText(
                    "made a new replica with \(Plural.changes(rescue.changes.count)) that were not sent and "
                        + Plural.of(rescue.subscriptions.count, "feed")),
                StyledText("the damaged file is \(aside)", .dim),
            ])
        for loss in losses { output.warn(loss) }
        let hasFeeds = !rescue.subscriptions.isEmpty
        if rescue.remote == nil, !hasFeeds {
            output.remark(StyledText("  → ", .dim) + StyledText(context.command("login URL")))
        } else {
            output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync")))
        }
    }
}

/// What the first bytes of a file say that it is (sqlite.org/fileformat2.html §1.3).
enum ReplicaMark {
    case ours, other, none

    init(ofFile path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 100)
        guard read(descriptor, &bytes, bytes.count) == bytes.count, bytes.starts(with: "SQLite format 3\0".utf8) else {
            self = .none
            return
        }
        let application = bytes[68..<72].reduce(0) { $0 << 8 | Int($1) }
        self = application == Replica.applicationID ? .ours : .other
    }
}
