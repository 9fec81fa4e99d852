import GRDB
import SQLiteChanges
public import SyncCore

/// What the reader's devices are called, as far as the server told.
public struct DeviceNames: Sendable, Hashable {
    private let names: [ReplicaID: String]
    /// Names that do not tell which device is meant.
    private let shared: Set<String>

    /// Names by the identities of replicas.
    public init(_ names: [ReplicaID: String] = [:]) {
        self.names = names
        let counts = Dictionary(grouping: names.values) { $0 }
        // One may be called as we call the device in front of the person; "device" is what the server calls one unasked.
        shared = Set(counts.filter { $0.value.count > 1 }.keys).union(["this device", "here", "device"])
    }

    /// The name alone; `nil` if nothing is known of the device.
    public subscript(replica: ReplicaID) -> String? { names[replica] }

    /// The name of the device whose replica has this identity; with the short identity beside it where it does not tell
    /// one device; `nil` if nothing is known of it. As the server said it: it may try to command a terminal.
    public func name(of replica: ReplicaID) -> String? {
        names[replica].map { shared.contains($0) ? "\($0) (\(Self.short(replica)))" : $0 }
    }

    /// The name of a device that is not this one, as part of a sentence: by its identity if nothing else is known.
    public func other(_ replica: ReplicaID) -> String {
        name(of: replica) ?? "another device (\(Self.short(replica)))"
    }

    /// The first digits of an identity, as they are shown.
    public static func short(_ replica: ReplicaID) -> String { String(replica.description.prefix(6)) }
}

extension Replica {
    /// What the reader's devices are called.
    public func deviceNames() throws(ReplicaError) -> DeviceNames {
        try read { db in try DeviceNames(db) }
    }
}

extension DeviceNames {
    init(_ db: Database) throws {
        let rows = try db.rows("SELECT replica, name FROM device ORDER BY replica") {
            (ReplicaID(rawValue: $0.bits(0)), $0.text(1))
        }
        self.init(Dictionary(uniqueKeysWithValues: rows))
    }
}
