import Glibc
import SyncCore
import SystemPorts

/// Where a device's token is kept: a file of its own in the configuration folder, readable by this user alone, never
/// the replica, which people copy and send about. The file says for which server the token is; it goes to no other,
/// whatever a replica says.
struct TokenFile {
    /// The file.
    let path: String

    /// Longest token, in bytes.
    static let maximumBytes = 4_096

    /// The file for the replica at `replica`, named for its place on this machine.
    init(files: UserFiles, replica: String) {
        let place = realpath(replica, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        let digest = Digest128(hashing: (place ?? replica).utf8).description.prefix(16)
        path = files.configuration + "/tokens/\(digest)"
    }

    /// The token for `server`: `READER_SYNC_TOKEN`, or what the file holds.
    func token(for server: String, environment: (String) -> String?) throws -> String? {
        if let token = environment("READER_SYNC_TOKEN"), !token.isEmpty { return try Self.checked(token) }
        guard let text = try FileText.read(path, limit: 2 * Self.maximumBytes, ifMissing: nil) else {
            return nil
        }
        let lines = text.split(separator: "\n")
        guard lines.count == 2, lines[0] == Self.normalised(server)[...] else { return nil }
        return try Self.checked(String(lines[1]))
    }

    /// Whether a token for `server` is at hand.
    func holdsToken(for server: String) -> Bool {
        (try? token(for: server, environment: Context.environment)) != nil
    }

    /// Keeps a token.
    func store(_ token: String, for server: String) throws {
        let folder = path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        if let reason = UserFiles.makeFolder(folder) { throw CommandFailure.system(reason) }
        try FileText.write(Self.normalised(server) + "\n" + token + "\n", to: path)
    }

    /// Forgets the token.
    ///
    /// - Returns: whether there was one.
    func remove() throws -> Bool {
        if unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw CommandFailure.system("\(path): \(FileText.reason)") }
        return false
    }

    /// The token, if it can stand in a header: visible ASCII without blanks (RFC 6750 §2.1 allows less).
    static func checked(_ text: String) throws -> String {
        let token = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !token.isEmpty, token.utf8.count <= maximumBytes,
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw CommandFailure.usage(
                token.isEmpty
                    ? "the token is empty" : "that is no token: it has blanks or other than ASCII in it",
                remedy: "the server's operator has it: 'reader-sync-server device token'")
        }
        return token
    }

    private static func normalised(_ server: String) -> String {
        var server = server
        while server.hasSuffix("/") { server.removeLast() }
        return server
    }
}
