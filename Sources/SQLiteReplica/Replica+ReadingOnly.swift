import GRDB

extension Replica {
    /// Opens for reading, also where nothing can be written: on a full disk, on a read-only medium.
    ///
    /// Who reads a file with a write-ahead log writes too: the log's index, in the `-shm` beside it. Where that fails there
    /// are two ways without it.
    ///
    /// 1. `readonly_shm`: SQLite reads the log once and keeps the index of it in its own memory. Nothing of what was written
    ///    is missed, and the locks are those of every reader. It needs a `-shm`, be it empty; on a full disk there is
    ///    one, since the attempt before has made its name.
    /// 2. `immutable`: SQLite reads the file without locks, and passes over the log. So this is right only if the log is
    ///    not there or is empty, and if nobody writes meanwhile: who would needs a `-shm`, and there is none, since the
    ///    first way found none. (A writer that comes a moment later, from where the medium can be written, is not
    ///    excluded; the command then reads rows of two moments, or calls the file damaged, and changes nothing.)
    ///
    /// A log with something in it and no `-shm` on a read-only medium cannot be read there: that is said.
    ///
    /// - Returns: the connection, and what keeps the file from being written where that was found.
    static func connectForReading(_ path: String) throws -> (queue: DatabaseQueue, obstacle: ReplicaError?) {
        do {
            return (try connect(to: path, readonly: true), nil)
        } catch {
            var obstacle = ReplicaError(error, at: path)
            guard obstacle.isForWantOfWriting else { throw obstacle }
            if let queue = try? connect(to: address(path, "readonly_shm=1"), readonly: true) {
                return (queue, obstacle)
            }
            guard Volume.isEmpty(path + "-wal") else {
                obstacle.detail += "; and what \(path)-wal holds cannot be read without that"
                obstacle.remedy = "copy both files to a folder that can be written, and name the copy with --replica"
                throw obstacle
            }
            return (try connect(to: address(path, "immutable=1"), readonly: true), obstacle)
        }
    }

    /// A file as SQLite takes it with parameters (sqlite.org/uri.html).
    private static func address(_ path: String, _ parameters: String) -> String {
        let escaped = path.utf8.map { byte -> String in
            let isPlain = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "/")
            guard !isPlain else { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        // A path that begins with two strokes would else begin with a host.
        return "file:" + (path.hasPrefix("/") ? "//" : "") + escaped + "?" + parameters
    }
}
