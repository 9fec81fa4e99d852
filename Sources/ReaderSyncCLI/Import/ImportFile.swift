import Glibc
import StateImports

/// A file of another reader as the person names it.
enum ImportFile {
    /// Reads it.
    ///
    /// - Throws: ``CommandFailure`` that names the file.
    static func read(_ path: String, as source: ImportSource?) throws -> ImportedState {
        do throws(ImportError) {
            if path != "-", isDatabase(path) { return try StateImport.read(database: path, as: source) }
        } catch {
            throw failure(error, path)
        }
        let bytes =
            path == "-"
            ? try FileText.bytes(STDIN_FILENO, named: "standard input", limit: StateImport.maximumBytes)
            : try FileText.bytes(path, limit: StateImport.maximumBytes)
        guard let bytes else { throw CommandFailure(.notFound, "noFile", "there is no file \(path)") }
        guard !StateImport.isDatabase(bytes.prefix(16)) else {
            throw CommandFailure.usage("a database cannot come from standard input", remedy: "name its file")
        }
        do throws(ImportError) {
            return try StateImport.read(bytes, as: source)
        } catch {
            throw failure(error, path)
        }
    }

    /// Whether a file is a database. What is no plain file, as a pipe, is none; what is read of it is gone from it, and who
    /// writes to it ends when it is closed.
    private static func isDatabase(_ path: String) -> Bool {
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return false }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var start = [UInt8](repeating: 0, count: 16)
        let count = Glibc.read(descriptor, &start, start.count)
        return StateImport.isDatabase(start.prefix(max(0, count)))
    }

    private static func failure(_ error: ImportError, _ path: String) -> CommandFailure {
        guard error.code != .cancelled else { return .dismissed }
        let name = path == "-" ? "standard input" : path
        let remedy: String? =
            switch error.code {
            case .feedList: "subscribe to it with 'reader-sync feeds import \(name)'"
            case .unknownFormat: "see 'reader-sync help import state' for the files that are read"
            case .otherFormat: "leave out --from"
            case .busy: "close the program that uses it, or copy it first"
            default: nil
            }
        let status: ExitStatus = error.code == .busy || error.code == .damaged ? .failure : .usage
        return CommandFailure(status, error.code.rawValue, "\(name): \(error.detail)", remedy: remedy)
    }
}
