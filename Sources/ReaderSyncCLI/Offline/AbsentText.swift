import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncPorts

/// The text of an article that is not kept here (see `sync --bodies`), asked of the server when somebody opens it.
enum AbsentText {
    /// What came of asking.
    enum Answer: Sendable, Hashable {
        /// It is here, until the next sync drops what is not wanted.
        case restored
        /// No server has it.
        case nowhere
        /// The server has another revision, which a sync brings.
        case corrected
    }

    /// Asks the server for a text, in one request, and puts it back.
    ///
    /// - Throws: `RemoteError`; ``CommandFailure`` if nobody is logged in; `ReplicaError`. Then all is as it was.
    static func restore(_ id: ArticleID, known replica: Replica, _ context: Context) async throws -> Answer {
        guard let request = try replica.historyOfBody(of: id) else { return .nowhere }
        let page = try await HTTPRemote.of(replica, context).catalogPage(request)
        let count = try context.open(.writing).restoreBodies(from: page, wanted: .all, only: id)
        return count > 0 ? .restored : .corrected
    }
}
