import AssetEngine
import CurlTransport
import FeedFormats
import SQLiteReplica
import SyncCore
import SyncPorts
import SystemPorts

extension AssetRefresh {
    /// Keeps a replica's pictures with this machine's network, clock and disk.
    ///
    /// - Parameter allowsPrivate: whether addresses of this machine and of private networks may be asked. Who writes an
    ///   article must not reach what only this machine can.
    static func over(_ replica: Replica, _ context: Context, allowsPrivate: Bool) -> AssetRefresh {
        var configuration = CurlTransport.Configuration(maximumConnections: 6, maximumConnectionsPerHost: 4)
        if !allowsPrivate { configuration.refusesAddress = { !$0.isPublic } }
        return AssetRefresh(
            store: replica, folder: AssetFolder(besideReplica: context.path),
            transport: context.transport(configuration), clock: SystemWallClock(), random: SystemRandomSource(),
            lock: FileSyncLock(path: context.path + "-sync.lock"),
            executor: DispatchExecutor(label: "reader-sync.pictures"),
            finder: { source in
                let lead = [source.leadImage].compactMap { $0 }.compactMap { WebAddress.safe($0, base: source.page) }
                let shown = HTMLPictures.addresses(in: source.html, base: source.page)
                return (lead + shown.filter { !lead.contains($0) }).filter { $0.utf8.count <= 2_048 }
            })
    }
}

extension ProgressLine {
    /// Shows how far the fetching of pictures came.
    func show(_ report: AssetReport) {
        show(
            Work(
                doing: "fetching pictures", done: report.totals.held, total: report.totals.wanted, noun: "pictures",
                facts: [
                    ByteCount.text(report.fetchedBytes), report.failed > 0 ? "\(report.failed) failed" : "",
                ]))
    }
}

extension CommandFailure {
    /// Why pictures could not be kept.
    init(_ error: AssetError) {
        if let underlying = error.underlying as? ReplicaError {
            self.init(underlying)
            return
        }
        self.init(
            .failure, error.code.rawValue, error.detail,
            remedy: error.code == .diskFull ? "free some space, or keep less: 'sync --budget 200MB'" : nil)
    }
}
