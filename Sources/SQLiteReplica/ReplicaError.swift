import GRDB

/// Why the replica could not do what it was asked.
public struct ReplicaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it was.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// There is no replica at the path.
        case noReplica
        /// There is already a file at the path.
        case alreadyExists
        /// The file is not a replica, or a part of it cannot be read.
        case damaged
        /// The file was written by a newer version.
        case newerSchema
        /// Another process holds the file for longer than the busy timeout.
        case busy
        /// The disk is full.
        case diskFull
        /// The file, or the folder it is in, cannot be written.
        case readOnly
        /// Reading or writing the file failed for another reason.
        case storage
        /// Nothing has the name that was given.
        case notFound
        /// More than one thing has the name that was given.
        case ambiguous
        /// A value does not fit what it is for.
        case invalidValue
        /// What was asked for does not apply to the thing at hand.
        case notApplicable
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, in a sentence.
    public var detail: String
    /// What the reader can do about it; `nil` where nothing helps.
    public var remedy: String?
    /// Names that would have been possible, at most five; for ``Code/ambiguous``.
    public var candidates: [String]

    /// Makes an error.
    public init(_ code: Code, _ detail: String, remedy: String? = nil, candidates: [String] = []) {
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.candidates = candidates
    }

    /// Whether nothing can be written, and what is there can still be read.
    public var isForWantOfWriting: Bool { code == .diskFull || code == .readOnly }

    /// The detail and the remedy.
    public var description: String { remedy.map { "\(detail); \($0)" } ?? detail }
}

extension ReplicaError {
    static let damagedRemedy =
        "run 'reader-sync doctor --rebuild': it keeps what was not sent, and the next sync brings back the rest"

    static func damaged(_ detail: String) -> ReplicaError {
        ReplicaError(.damaged, detail, remedy: damagedRemedy)
    }

    /// The error behind whatever was thrown inside a transaction on the file at `path`.
    init(_ error: any Error, at path: String) {
        if let error = error as? ReplicaError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .damaged("a row of \(path) cannot be read: \(error)")
            return
        }
        let detail = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .damaged("\(path) is not a replica")
        case .SQLITE_CORRUPT: self = .damaged("\(path) is damaged: \(detail)")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "another process is using \(path)", remedy: "try again when it is done")
        case .SQLITE_FULL: self = .full(path)
        // Memory that processes share is a file too. Other failures may have the same cause, which is not told.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE || Volume.isFull(at: path):
            self = .full(path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self = .unwritable(path, Volume.refusal(at: path) ?? detail)
        case .SQLITE_CANTOPEN:
            if let refusal = Volume.refusal(at: path) {
                self = .unwritable(path, refusal)
            } else if Volume.isFull(at: path) {
                self = .full(path)
            } else {
                self.init(.storage, "\(path) cannot be opened", remedy: "check the folder and its permissions")
            }
        default: self.init(.storage, "\(path): \(detail)")
        }
    }

    private static func full(_ path: String) -> ReplicaError {
        ReplicaError(
            .diskFull, "the disk is full: no room is left for \(path)",
            remedy: "nothing is lost; free some space, then run this again")
    }

    static func unwritable(_ path: String, _ why: String) -> ReplicaError {
        ReplicaError(
            .readOnly, "\(path) cannot be written: \(why)",
            remedy:
                "it can still be read; to change it, see to its permissions, or name a copy elsewhere with --replica")
    }
}
