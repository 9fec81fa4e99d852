import GRDB
import SQLiteChanges
import SyncCore

extension SQLiteServerStore: WatchSource {
    /// See ``WatchSource``: `PRAGMA data_version` of a connection that never writes.
    public func writeStamp() async throws -> Int64 {
        try connections.stamp()
    }

    /// See ``WatchSource``: one consistent state for all.
    ///
    /// - Complexity: O(n) in the readers, and in the publications.
    public func watchTokens(of readers: Set<ReaderKey>) async throws -> [ReaderKey: String] {
        try await read { view in
            let catalog = try view.catalogDigest()
            var tokens: [ReaderKey: String] = [:]
            for reader in readers { tokens[reader] = try view.watchToken(of: reader, catalog: catalog) }
            return tokens
        }
    }
}
