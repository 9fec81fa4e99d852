import Glibc
import SyncCore
public import SyncPorts

import class FoundationEssentials.FileManager

/// The files of pictures, each named by the SHA-256 sum of its bytes, in folders by the first two digits: what has a name
/// is whole, and the same picture is held once, whatever addresses lead to it.
///
/// A file is written under another name, forced to the disk, and renamed. Who adds or removes files does so between
/// ``open()`` and ``close()``; a process that ends in between leaves a mark, and the next ``open()`` says so.
public struct AssetFolder: Sendable {
    /// Where it is.
    public let path: String

    /// The folder beside the replica at `path`: `replica.assets` beside `replica.sqlite`.
    public init(besideReplica path: String) {
        let suffix = ".sqlite"
        self.path = (path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path) + ".assets"
    }

    /// Where the file of that name is, or would be.
    public func path(of hash: AssetHash) -> String {
        let digits = hash.description
        return "\(path)/\(digits.prefix(2))/\(digits)"
    }

    /// Whether there is a file of that name.
    public func holds(_ hash: AssetHash) -> Bool { access(path(of: hash), R_OK) == 0 }

    /// The bytes of the file of that name; `nil` if there is none.
    public func bytes(of hash: AssetHash) -> [UInt8]? {
        let descriptor = Glibc.open(path(of: hash), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var (bytes, room) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = read(descriptor, &room, room.count), count != 0 {
            guard count > 0 else { return nil }
            bytes += room[..<count]
        }
        return bytes
    }

    /// What does not fit between the files and their names.
    public struct Examination: Sendable, Hashable {
        /// Files that are named and not there.
        public var missing = 0
        /// Files that are there and not named.
        public var orphans = 0
        /// Whether a run was cut off: the next one looks through all files.
        public var isMarked = false
    }

    /// Compares the files with their names, and changes nothing.
    ///
    /// - Complexity: O(n) in the files.
    public func examine(naming named: Set<AssetHash>) -> Examination {
        var result = Examination()
        result.isMarked = access(mark, F_OK) == 0
        var found: Set<AssetHash> = []
        for folder in Self.names(in: path) where folder.utf8.count == 2 {
            for name in Self.names(in: "\(path)/\(folder)") {
                if let hash = AssetHash(name), named.contains(hash) { found.insert(hash) } else { result.orphans += 1 }
            }
        }
        result.missing = named.count - found.count
        return result
    }

    /// Has the next run look through all files, if there are any.
    public func markForSweep() {
        let descriptor = Glibc.open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    private var mark: String { path + "/open" }
    private var parts: String { path + "/parts" }

    /// Makes the folder if there is none, and marks it.
    ///
    /// - Returns: whether it was left marked.
    func open() throws(AssetError) -> Bool {
        try Self.makeFolder(path)
        try Self.makeFolder(parts)
        let wasMarked = access(mark, F_OK) == 0
        let descriptor = Glibc.open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(mark) }
        Glibc.close(descriptor)
        return wasMarked
    }

    /// Takes the mark away.
    func close() { unlink(mark) }

    /// The file that a picture's bytes are put into until it is whole.
    func part(of url: String) -> String { "\(parts)/\(Digest128(hashing: url.utf8))" }

    /// Bytes of it that are held; `nil` if there is none.
    func partBytes(of url: String) -> Int64? {
        var facts = stat()
        return stat(part(of: url), &facts) == 0 ? Int64(facts.st_size) : nil
    }

    /// Removes it.
    func dropPart(of url: String) { unlink(part(of: url)) }

    /// Removes all of them but those of `urls`: nothing goes on with the others.
    func dropParts(except urls: [String]) {
        let kept = Set(urls.map { part(of: $0) })
        for name in Self.names(in: parts) where !kept.contains("\(parts)/\(name)") { unlink("\(parts)/\(name)") }
    }

    /// What kind of picture it is; `nil` if it is none.
    func partKind(of url: String) throws(AssetError) -> PictureKind? {
        let part = part(of: url)
        let descriptor = Glibc.open(part, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(part) }
        defer { Glibc.close(descriptor) }
        var head = [UInt8](repeating: 0, count: PictureKind.headBytes)
        let count = read(descriptor, &head, head.count)
        return PictureKind(head: Array(head.prefix(max(0, count))))
    }

    /// Gives a whole file its name.
    ///
    /// - Complexity: reads it once.
    func keepPart(of url: String) throws(AssetError) -> (hash: AssetHash, bytes: Int64) {
        let part = part(of: url)
        let descriptor = Glibc.open(part, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(part) }
        defer { Glibc.close(descriptor) }
        var (sum, bytes) = (SHA256(), Int64(0))
        var room = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &room, room.count)
            guard count >= 0 else { throw Self.failure(part) }
            guard count > 0 else { break }
            sum.add(room[..<count])
            bytes += Int64(count)
        }
        guard let hash = AssetHash(bytes: sum.digest()) else { throw AssetError(.storage, "a sum has not 32 bytes") }
        guard fsync(descriptor) == 0 else { throw Self.failure(part) }
        let place = path(of: hash)
        let folder = String(place.prefix(upTo: place.lastIndex(of: "/") ?? place.endIndex))
        try Self.makeFolder(folder)
        guard rename(part, place) == 0 else { throw Self.failure(place) }
        try Self.force(folder)
        return (hash, bytes)
    }

    /// Removes files.
    public func remove(_ hashes: [AssetHash]) {
        for hash in hashes { unlink(path(of: hash)) }
    }

    /// Removes files that are not among `named`.
    ///
    /// - Returns: those of `named` that are not there.
    /// - Complexity: O(n) in the files.
    func sweep(keeping named: Set<AssetHash>) -> [AssetHash] {
        var missing = named
        for folder in Self.names(in: path) where folder.utf8.count == 2 {
            for name in Self.names(in: "\(path)/\(folder)") {
                if let hash = AssetHash(name), named.contains(hash) {
                    missing.remove(hash)
                } else {
                    unlink("\(path)/\(folder)/\(name)")
                }
            }
        }
        return missing.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private static func makeFolder(_ path: String) throws(AssetError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
    }

    private static func force(_ folder: String) throws(AssetError) {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder) }
    }

    static func failure(_ path: String) -> AssetError {
        let number = errno
        return AssetError(
            number == ENOSPC || number == EDQUOT ? .diskFull : .storage, "\(path): \(String(cString: strerror(number)))"
        )
    }
}
