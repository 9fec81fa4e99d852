import SQLiteReplica
import SyncCore

extension Replica {
    /// Marks an article read that is opened, or known as it is now if it was read before it was corrected.
    ///
    /// - Parameter command: what `undo` and `log` call it.
    /// - Returns: the article as it is then.
    func noteOpened(_ detail: ArticleDetail, as command: String, at now: WallTime) throws -> ArticleDetail {
        let id = detail.summary.id
        if detail.summary.isRead {
            if detail.summary.correctedSinceRead { try noteSeen(id) }
            return detail
        }
        guard !detail.isRemoved, let edit = Edit.read(id, true, by: .implicit) else { return detail }
        _ = try record([edit], as: command, at: now)
        return try article(id.description)
    }
}
