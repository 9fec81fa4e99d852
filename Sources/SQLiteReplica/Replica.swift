import GRDB
import SyncCore
import SyncPorts

/// A replica: one device's SQLite file. Synchronous; every call is one transaction, durable when it returns.
/// Several processes may use one file at once.
public final class Replica: Sendable {
    /// What a replica's file has for SQLite's `application_id`.
    public static let applicationID = Schema.applicationID
    /// The version of the tables that this code writes.
    public static let schemaVersion = Schema.version

    /// What a replica is opened for.
    public enum Access: Sendable, Hashable {
        /// Lists, searches and shows: opens faster, and writes nothing but what the full-text index lacks.
        case reading
        /// Everything.
        case writing
    }

    /// Where the file is.
    public let path: String
    /// What it was opened for.
    public let access: Access
    /// Why the file can be read but not written, where reading it found that: a full disk, a read-only medium.
    public let obstacle: ReplicaError?
    let queue: DatabaseQueue

    init(path: String, access: Access, queue: DatabaseQueue, obstacle: ReplicaError? = nil) {
        self.obstacle = obstacle
        self.path = path
        self.access = access
        self.queue = queue
    }
}
