import GRDB

extension Replica {
    /// A number that is another one once another connection wrote to the file, this process's others included. It means
    /// something only beside what the same ``Replica`` gave before. Costs microseconds.
    public func writeStamp() throws(ReplicaError) -> Int64 {
        do {
            return try queue.inDatabase { db in
                try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version")) ?? 0
            }
        } catch { throw ReplicaError(error, at: path) }
    }
}
