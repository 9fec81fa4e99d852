import Glibc
import SystemPorts

/// Whole texts from files and standard input, bounded, and to files at once or not at all.
enum FileText {
    /// Whether there is something at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The path from the root.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    /// Why the last system call failed.
    static var reason: String { String(cString: strerror(errno)) }

    /// The text of a file.
    ///
    /// - Throws: ``CommandFailure`` if there is no such file, it is larger than `limit`, or no UTF-8.
    static func read(_ path: String, limit: Int) throws -> String {
        guard let text = try read(path, limit: limit, ifMissing: nil) else {
            throw CommandFailure(.notFound, "noFile", "there is no file \(path)")
        }
        return text
    }

    /// The text of a file, or `ifMissing`.
    static func read(_ path: String, limit: Int, ifMissing: String?) throws -> String? {
        try bytes(path, limit: limit).map { try text($0, named: path) } ?? ifMissing
    }

    /// All of standard input.
    static func standardInput(limit: Int) throws -> String {
        try text(bytes(STDIN_FILENO, named: "standard input", limit: limit), named: "standard input")
    }

    private static func text(_ bytes: [UInt8], named name: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure.usage("\(name) is no UTF-8 text")
        }
        return text
    }

    /// The bytes of a file; `nil` if there is none.
    static func bytes(_ path: String, limit: Int) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw CommandFailure.system("\(path): \(reason)")
        }
        defer { close(descriptor) }
        return try bytes(descriptor, named: path, limit: limit)
    }

    /// The bytes that a descriptor has left, at most `limit`.
    static func bytes(_ descriptor: Int32, named name: String, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure.system("\(name): \(reason)") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw CommandFailure.usage("\(name) is larger than \(limit) bytes")
            }
        }
    }

    /// Writes a file, whole or not at all. Where the path is a link, the file that it leads to is written.
    ///
    /// - Parameter mode: who may read it, before the process's mask; this user alone unless told otherwise.
    static func write(_ text: String, to link: String, mode: mode_t = 0o600) throws {
        let path =
            realpath(link, nil).map { resolved in
                defer { free(resolved) }
                return String(cString: resolved)
            } ?? link
        let temporary = "\(path).\(getpid())"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw CommandFailure.system("\(temporary): \(reason)") }
        let failed = Descriptor.write(Array(text.utf8), to: descriptor) ?? (fsync(descriptor) == 0 ? nil : errno)
        close(descriptor)
        if let failed {
            unlink(temporary)
            throw CommandFailure.write(to: temporary, failed)
        }
        guard rename(temporary, path) == 0 else {
            let why = reason
            unlink(temporary)
            throw CommandFailure.system("\(path): \(why)")
        }
    }
}
