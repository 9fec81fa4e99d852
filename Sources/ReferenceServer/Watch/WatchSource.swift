import SyncCore

/// Tells what readers could learn from a sync, for many readers at once.
public protocol WatchSource: Sendable {
    /// A number that is another one once anything was written, by whatever process; costs next to nothing.
    func writeStamp() async throws -> Int64

    /// What stands for all that a sync could bring, for each reader.
    func watchTokens(of readers: Set<ReaderKey>) async throws -> [ReaderKey: String]
}

extension ServerView {
    /// What stands for the catalog and the library.
    func catalogDigest() throws -> Digest128 {
        var text = try catalog.libraryVersion()
        for head in try catalog.heads() {
            text += "\n\(head.publication) \(head.generation) \(head.count) \(head.hash)"
        }
        return Digest128(hashing: text.utf8)
    }

    /// What stands for all that a sync could bring a reader.
    func watchToken(of reader: ReaderKey, catalog: Digest128) throws -> String {
        let readerLog = try log(of: reader)
        let head = try readerLog.head()
        let text = "\(head.epoch) \(head.sequence) \(head.prefix) \(try readerLog.account().version)"
        return catalog.chained(with: text.utf8).description
    }
}
