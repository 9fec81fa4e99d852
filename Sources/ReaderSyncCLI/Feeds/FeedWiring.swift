import FeedEngine
import FeedSession
import SQLiteReplica
import SyncCore
import SyncPorts
import SystemPorts
import TerminalText

extension FeedRefresh {
    /// A refresh of a replica's own feeds with this machine's network and clock.
    static func over(_ replica: Replica, _ context: Context) -> FeedRefresh {
        FeedRefresh(
            store: replica,
            fetcher: FeedFetcher(
                transport: context.transport, clock: SystemWallClock(), random: SystemRandomSource()),
            clock: SystemWallClock(), lock: FileSyncLock(path: context.path + "-sync.lock"),
            executor: DispatchExecutor(label: "reader-sync.feeds"))
    }
}

extension Context {
    /// Opens the replica for writing, and makes it if there is none: the first command of somebody without a server.
    func openOrCreate() throws -> Replica {
        do throws(ReplicaError) {
            return try Replica(opening: path, for: .writing)
        } catch {
            guard error.code == .noReplica else { throw failure(error) }
            let replica = try create(remote: nil)
            output.remark(StyledText("made a replica at \(path)"))
            return replica
        }
    }

    /// Makes the replica.
    func create(remote: String?) throws -> Replica {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        if folder.hasPrefix("/"), let reason = UserFiles.makeFolder(folder) { throw CommandFailure.system(reason) }
        var draw = RandomDraw(SystemRandomSource())
        return try Replica.create(at: path, as: .random(using: &draw), remote: remote)
    }
}

/// The full-text index, brought up to date after new articles came.
enum FullTextIndex {
    /// Articles that are indexed in one transaction: little enough to stop within a second, and so many that the index is
    /// put together of few pieces (10,000 articles: 0.92 s by the thousand, 0.81 s by two).
    private static let batch = 2_000

    static func complete(_ replica: Replica, _ progress: ProgressLine) throws {
        var (count, total) = (0, Int?.none)
        while true {
            try Task.checkCancellation()
            let done = try replica.indexPending(limit: batch)
            guard done > 0 else { return }
            count += done
            // Counted once, and only where one batch is not all of it.
            if total == nil, done == batch { total = count + (try replica.unindexedCount()) }
            let known = total.map { max($0, count) }
            progress.show(ProgressLine.Work(doing: "indexing", done: count, total: known, noun: "articles"))
        }
    }
}

extension CommandFailure {
    /// Why a feed brought nothing.
    init(_ failure: FetchFailure, naming address: String) {
        if failure.code == .cancelled {
            self = .dismissed
            return
        }
        let status: ExitStatus =
            switch failure.code {
            case .unreachable: .offline
            case .refused, .gone, .forbidden: .refused
            case .unreadable, .cancelled: .failure
            }
        self.init(
            status, failure.code.rawValue, "\(SafeText.line(address)): \(SafeText.line(failure.detail))",
            remedy: !failure.remedy.isEmpty
                ? failure.remedy
                : failure.code == .unreachable ? "check the address, and the network" : nil)
    }
}
