import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncPorts

/// Keeps the texts of those articles that the reader chose: gets those that are wanted and absent, drops the others.
struct BodyKeeping: Sendable {
    /// What it did.
    struct Report: Sendable, Hashable {
        /// Texts that came back.
        var restored = 0
        /// Texts that were dropped.
        var dropped = 0
        /// Why not all came back; `nil` if nothing went wrong.
        var failure: CommandFailure?
    }

    /// Texts that are dropped in one transaction.
    private static let batch = 500

    let replica: Replica
    let context: Context
    let kept: KeptArticles

    /// Fetches the pieces of the server's history that hold wanted texts. A sync does not, since it has been there.
    func restore(_ report: inout Report, _ progress: ProgressLine) async throws {
        let requests = try replica.historyOfAbsentBodies(wanted: kept)
        guard !requests.isEmpty else { return }
        let remote = try HTTPRemote.of(replica, context)
        for (index, request) in requests.enumerated() where !Task.isCancelled {
            do throws(RemoteError) {
                let page = try await remote.catalogPage(request)
                report.restored += try keep(page)
            } catch {
                // What is cut off here is asked for again by the next sync.
                if error.code != .cancelled { report.failure = CommandFailure(error as any Error) }
                return
            }
            progress.show(
                ProgressLine.Work(
                    doing: "fetching texts", done: index + 1, total: requests.count, noun: "pieces of history",
                    facts: [Plural.articles(report.restored)]))
        }
    }

    private func keep(_ page: CatalogPage) throws(RemoteError) -> Int {
        do {
            return try replica.restoreBodies(from: page, wanted: kept)
        } catch {
            throw RemoteError(.brokenAnswer, error.detail, remedy: error.remedy ?? "")
        }
    }

    /// Drops texts that are not wanted.
    func drop(_ report: inout Report, _ progress: ProgressLine) throws {
        let rows = try replica.bodiesToDrop(keeping: kept)[...]
        var rest = rows
        while !rest.isEmpty, !Task.isCancelled {
            let piece = rest.prefix(Self.batch)
            report.dropped += try replica.dropBodies(piece, keeping: kept)
            rest = rest.dropFirst(piece.count)
            progress.show(
                ProgressLine.Work(
                    doing: "dropping texts", done: rows.count - rest.count, total: rows.count, noun: "articles"))
        }
    }
}
