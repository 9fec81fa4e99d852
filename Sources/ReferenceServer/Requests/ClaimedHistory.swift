import SyncCore
import SyncProtocol

/// Whether the history that a request says its replica holds is this server's. Only then do both sides mean the same
/// by an article's number: a server that was restored from a backup gives the numbers it lost to others.
struct ClaimedHistory {
    let catalog: any CatalogView
    let claimed: [CatalogHead]

    /// Whether each run that the replica holds is part of the history of its publication.
    func isShared() throws -> Bool {
        guard !claimed.isEmpty else { return true }
        let heads = Dictionary(try catalog.heads().map { ($0.publication, $0) }) { $1 }
        return try claimed.allSatisfy { run in
            guard let head = heads[run.publication], head.generation == run.generation, run.count <= head.count
            else { return false }
            if run == head { return true }
            return try catalog.hash(of: run.publication, before: run.count) == run.hash
        }
    }

    /// Makes sure that a push by number can be understood.
    ///
    /// - Throws: ``SyncProtocol/Problem`` with `catalogChanged`; the client then names the articles by identity.
    func check(_ push: ReadPush) throws {
        let hasNumbers = push.elements.contains { element in
            guard case .change(let change) = element, case .article(.number) = change.entity else { return false }
            return true
        }
        guard hasNumbers, try !isShared() else { return }
        throw Problem(.catalogChanged, "the replica has another history; name its articles by their ids")
    }
}
