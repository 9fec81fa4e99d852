import Glibc
import SQLiteReplica
import SyncCore
import SyncPorts
import SystemPorts
import TerminalText

/// A new replica in the place of a damaged one.
///
/// What is saved is in a file of its own, `.rebuilt`, whole and on the disk, before anything happens to the damaged one; and
/// until it takes that one's place the damaged one keeps it. If this stops at any moment, the next run begins with what the
/// left-over `.rebuilt` holds, and adds what the damaged file holds.
struct ReplicaRebuild {
    private let context: Context
    /// Where the new file is put together, and where it is once it is whole.
    private let draft, whole: String

    init(_ context: Context) {
        self.context = context
        (draft, whole) = (context.path + ".rebuilding", context.path + ".rebuilt")
    }

    func run() throws {
        let path = context.path
        guard FileText.exists(path) || FileText.exists(whole) else {
            throw CommandFailure(
                .notFound, "noReplica", "there is no replica at \(path)", remedy: context.firstStep)
        }
        // A file that is no replica is not moved about, and nothing is laid beside it.
        if FileText.exists(path), let foreign = context.foreign { throw foreign }
        guard let token = try FileSyncLock(path: path + "-sync.lock").acquire() else {
            throw CommandFailure(
                .failure, "alreadySyncing", "another reader-sync is syncing this replica",
                remedy: "try again when it is done")
        }
        defer { token.release() }
        let isLeftOver = FileText.exists(whole)
        if FileText.exists(path), !isLeftOver { try refuseIfWhole() }
        // Little is left to do, and none of it should be half done: Ctrl-C waits for nothing here.
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
        let saved = FileText.exists(path) ? Replica.rescue(from: path) : Rescue()
        let rescue = isLeftOver ? Replica.rescue(from: whole).followed(by: saved) : saved
        try make(rescue)
        let aside = try takePlace()
        report(rescue, aside)
        guard rescue.isInVain else { return }
        throw CommandFailure(
            .damaged, "nothingSaved",
            "nothing that was not sent, and no feed, could be read of the damaged file; the new replica is empty",
            remedy: "run '\(context.command(rescue.remote == nil ? "login URL" : "sync"))' for what a server has; "
                + "what feeds you had, 'reader-sync feeds import' or 'add' brings back")
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

    /// Makes the new file, and gives it its name once it is whole and on the disk.
    private func make(_ rescue: Rescue) throws {
        for suffix in ["", "-wal", "-shm"] { unlink(draft + suffix) }
        var draw = RandomDraw(SystemRandomSource())
        let replica = try Replica.create(at: draft, as: .random(using: &draw), remote: rescue.remote)
        try replica.adopt(rescue, at: context.now)
        // Closing the only connection empties its log into the file.
        try replica.close()
        for suffix in ["-wal", "-shm"] { unlink(whole + suffix) }
        try rename(draft, to: whole)
    }

    /// Puts the new file in the damaged one's place.
    ///
    /// - Returns: where the damaged file is now; `nil` if it was there already.
    private func takePlace() throws -> String? {
        let path = context.path
        let stamp = TimeText.timestamp(context.now).filter { $0.isNumber }.prefix(14)
        var (aside, number) = ("\(path).damaged-\(stamp)", 1)
        while ["", "-wal"].contains(where: { FileText.exists(aside + $0) }) {
            number += 1
            aside = "\(path).damaged-\(stamp)-\(number)"
        }
        let isThere = FileText.exists(path)
        // A second name for each before one loses its first: a write-ahead log without its file would be put into the next.
        for suffix in ["-wal", ""] where FileText.exists(path + suffix) {
            guard link(path + suffix, aside + suffix) == 0 else { throw failure(aside + suffix) }
        }
        try flushFolder()
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        try rename(whole, to: path)
        return isThere ? aside : nil
    }

    private func rename(_ old: String, to new: String) throws {
        guard Glibc.rename(old, new) == 0 else { throw failure(new) }
        try flushFolder()
    }

    /// Names are on the disk once their folder is.
    private func flushFolder() throws {
        let folder = FileText.absolute(context.path).split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder) }
    }

    private func failure(_ path: String) -> CommandFailure {
        .system(
            "\(path): \(FileText.reason)",
            remedy: "nothing is lost; run '\(context.command("doctor --rebuild"))' again when this is mended")
    }

    private func report(_ rescue: Rescue, _ aside: String?) {
        let (output, lost) = (context.output, rescue.unreadable)
        var losses = rescue.losses
        if lost > 0 { losses.append("\(Plural.changes(lost)) cannot be read") }
        let asides = rescue.setAside.isEmpty ? "" : ", \(Plural.changes(rescue.setAside.count)) set aside"
        output.result(
            .object([
                "path": .string(context.path), "damaged": .optional(aside), "changes": .count(rescue.changes.count),
                "setAside": .count(rescue.setAside.count), "feeds": .count(rescue.subscriptions.count),
                "losses": .array(losses.map { .string($0) }),
            ]),
            lines: [
                StyledText(
                    "made a new replica with \(Plural.changes(rescue.changes.count)) that were not sent\(asides) and "
                        + Plural.of(rescue.subscriptions.count, "feed"))
            ] + [aside].compactMap { $0 }.map { StyledText("the damaged file is \($0)", .dim) })
        for loss in losses { output.warn(loss) }
        guard !rescue.isInVain else { return }
        let hasSource = rescue.remote != nil || !rescue.subscriptions.isEmpty
        output.remark(StyledText("  → ", .dim) + StyledText(context.command(hasSource ? "sync" : "login URL")))
    }
}
