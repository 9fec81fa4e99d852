import Glibc
import SyncCore
import SystemPorts

/// A file that a command writes: it has no name until it is whole, so that nothing is left of it when the process ends
/// early, however it ends. Or standard output, for `-`.
final class OutputFile {
    /// Bytes written so far.
    private(set) var count = 0

    private let path: String
    private let overwrites: Bool
    private let descriptor: Int32
    /// The draft's name, on a file system where files have to have one.
    private let draft: String?
    private var buffer: [UInt8] = []
    private var isFinished = false

    private static let flushAt = 1 << 18

    /// Finds out whether a file may be written there, before the work begins.
    ///
    /// - Parameter isText: whether it may go to a terminal.
    static func check(_ path: String, overwrites: Bool, isText: Bool, _ context: Context) throws {
        guard path != "-" else {
            guard !context.output.isJSON else {
                throw CommandFailure.usage("--json and - both want standard output", remedy: "name a file")
            }
            guard isText || context.output.terminal.width == nil else {
                throw CommandFailure.usage(
                    "this is nothing for a terminal", remedy: "name a file, or redirect the output")
            }
            return
        }
        guard !path.isEmpty else { throw CommandFailure.usage("the file has no name") }
        var facts = stat()
        guard stat(path, &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure.usage("\(path) is no plain file", remedy: "name another one, or - for standard output")
        }
        guard overwrites else { throw exists(path) }
    }

    private static func exists(_ path: String) -> CommandFailure {
        CommandFailure(.usage, "exists", "there is a file \(path) already", remedy: "name another one, or give --force")
    }

    /// Begins the file.
    init(_ path: String, overwrites: Bool, _ output: Output) throws {
        // The file that a link leads to is replaced, not the link.
        self.path = overwrites && path != "-" ? Self.resolved(path) : path
        self.overwrites = overwrites
        if path == "-" {
            output.flush()
            (descriptor, draft) = (STDOUT_FILENO, nil)
            return
        }
        let nameless = open(Self.folder(of: self.path), O_RDWR | Self.temporary | O_CLOEXEC, 0o666)
        if nameless >= 0 {
            (descriptor, draft) = (nameless, nil)
        } else {
            let draft = "\(self.path).\(getpid()).part"
            descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            let reason = FileText.reason
            // A file of that name that is there already is somebody else's.
            self.draft = descriptor >= 0 ? draft : nil
            guard descriptor >= 0 else { throw CommandFailure.system("\(path): \(reason)") }
        }
        // Who may read the old file may read the new one.
        var facts = stat()
        if overwrites, stat(self.path, &facts) == 0 { fchmod(descriptor, facts.st_mode & 0o777) }
    }

    deinit {
        if !isFinished, let draft { unlink(draft) }
        if descriptor >= 0, descriptor != STDOUT_FILENO { close(descriptor) }
    }

    /// Adds bytes.
    func write(_ bytes: [UInt8]) throws {
        buffer += bytes
        count += bytes.count
        if buffer.count >= Self.flushAt { try flush() }
    }

    /// Gives the file its name, once its bytes are on the disk.
    func finish() throws {
        try flush()
        guard path != "-" else { return }
        guard fsync(descriptor) == 0 else { throw CommandFailure.system("\(path): \(FileText.reason)") }
        if let draft {
            try name(draft)
        } else if overwrites {
            let draft = "\(path).\(getpid()).part"
            try link(to: draft)
            try name(draft)
        } else {
            try link(to: path)
        }
        isFinished = true
    }

    private func name(_ draft: String) throws {
        let result = overwrites ? rename(draft, path) : Glibc.link(draft, path)
        let number = errno
        if !overwrites || result != 0 { unlink(draft) }
        guard result == 0 else {
            if number == EEXIST { throw Self.exists(path) }
            throw CommandFailure.system("\(path): \(String(cString: strerror(number)))")
        }
    }

    /// Gives the nameless file a name (open(2), O_TMPFILE).
    private func link(to path: String) throws {
        guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else {
            if errno == EEXIST { throw Self.exists(path) }
            throw CommandFailure.system("\(path): \(FileText.reason)")
        }
    }

    private func flush() throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        guard let number = Descriptor.write(buffer, to: descriptor) else { return }
        guard path == "-" else { throw CommandFailure.write(to: path, number) }
        // Whoever read it has seen enough, as of all output.
        if number != EPIPE { throw CommandFailure.write(to: "standard output", number) }
    }

    /// `O_TMPFILE`, which Swift's Glibc does not have, being made of two.
    private static let temporary = 0o20_000_000 | O_DIRECTORY

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
