import class FoundationEssentials.FileManager

/// The few things a replica asks of a file system beside SQLite.
public protocol ReplicaFiles: Sendable {
    /// Whether there is a file.
    func exists(_ path: String) -> Bool
    /// Makes an empty file that only its owner may read.
    ///
    /// - Returns: `false` if it cannot be made.
    func create(_ path: String) -> Bool
    /// Takes a file away.
    func remove(_ path: String) throws
    /// Gives a file another name, at once or not at all.
    func move(_ path: String, to other: String) throws
}

/// The files of this machine.
public struct LocalFiles: ReplicaFiles {
    /// The files of this machine.
    public init() {}

    /// See ``ReplicaFiles``.
    public func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// See ``ReplicaFiles``.
    public func create(_ path: String) -> Bool {
        FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }

    /// See ``ReplicaFiles``.
    public func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

    /// See ``ReplicaFiles``.
    public func move(_ path: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: path, toPath: other)
    }
}
