import Glibc
import SQLiteReplica

/// What the first bytes of a file say that it is (sqlite.org/fileformat2.html §1.3).
enum ReplicaMark {
    case ours, other, none

    /// What to say of a file that is no replica; `nil` if it is one, or was one before damage took the mark.
    ///
    /// - Parameter isStandingPath: whether it is at the place where nothing but the replica ever is.
    static func objection(to path: String, isStandingPath: Bool) -> String? {
        switch ReplicaMark(ofFile: path) {
        case .ours: nil
        case .none where isStandingPath: nil
        case .none: "\(path) does not look like a replica"
        case .other: "\(path) is a database of another program, not a replica"
        }
    }

    init(ofFile path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 100)
        guard read(descriptor, &bytes, bytes.count) == bytes.count, bytes.starts(with: "SQLite format 3\0".utf8) else {
            self = .none
            return
        }
        let application = bytes[68..<72].reduce(0) { $0 << 8 | Int($1) }
        self = application == Replica.applicationID ? .ours : .other
    }
}
