import Gzip
import struct FoundationEssentials.Data

/// Reads the files of a ZIP archive that is in memory: stored and deflated ones, without the 64-bit extension. Whatever
/// the archive says of itself is checked before it is used, so that a hostile one costs no more than the limits.
public struct ZipReader: Sendable {
    /// A file of the archive.
    public struct Entry: Sendable, Hashable {
        /// Its path; never to be used as one.
        public var name: String
        /// Its size, as the archive says; checked when it is unpacked.
        public var length: Int
        var isDeflated: Bool
        var checksum: UInt32
        var packed: Int
        var offset: Int
    }

    /// The files, in the order of the directory; folders left out.
    public let entries: [Entry]
    private let bytes: [UInt8]

    /// Most entries that are read.
    static let maximumEntries = 10_000

    /// Whether bytes begin as an archive does.
    public static func isArchive(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// Reads the directory.
    ///
    /// - Throws: ``ZipError``.
    public init(_ bytes: [UInt8]) throws(ZipError) {
        self.bytes = bytes
        let cursor = Cursor(bytes: bytes)
        guard let end = cursor.directoryEnd, let count = cursor.number16(end + 10),
            let start = cursor.number32(end + 16)
        else { throw ZipError(.damaged, "no directory of a ZIP archive was found") }
        guard count < 0xFFFF, start < Int(UInt32.max), count <= Self.maximumEntries else {
            throw ZipError(.tooLarge, "the archive has more than \(Self.maximumEntries) files or 4 GiB")
        }
        var entries: [Entry] = []
        var place = start
        for _ in 0..<count {
            let (entry, next) = try cursor.entry(at: place)
            if !entry.name.hasSuffix("/") { entries.append(entry) }
            place = next
        }
        self.entries = entries
    }

    /// The content of a file.
    ///
    /// - Parameter limit: most bytes that come out.
    /// - Throws: ``ZipError``.
    public func content(of entry: Entry, limit: Int) throws(ZipError) -> [UInt8] {
        guard entry.length <= limit else {
            throw ZipError(.tooLarge, "'\(entry.name.prefix(80))' has more than \(limit) bytes")
        }
        let cursor = Cursor(bytes: bytes)
        guard cursor.number32(entry.offset) == 0x0403_4B50, let name = cursor.number16(entry.offset + 26),
            let extra = cursor.number16(entry.offset + 28),
            let packed = cursor.range(entry.offset + 30 + name + extra, entry.packed)
        else { throw ZipError(.damaged, "'\(entry.name.prefix(80))' lies outside the archive") }
        let content: [UInt8]
        if entry.isDeflated {
            guard
                let data = Gzip.inflated(
                    Data(bytes[packed]), length: entry.length, checksum: entry.checksum)
            else { throw ZipError(.damaged, "'\(entry.name.prefix(80))' cannot be unpacked") }
            content = Array(data)
        } else {
            content = Array(bytes[packed])
        }
        guard content.count == entry.length, CRC32.checksum(content) == entry.checksum else {
            throw ZipError(.damaged, "'\(entry.name.prefix(80))' is not what the archive says")
        }
        return content
    }
}

/// Looks up numbers, none outside the bytes.
private struct Cursor {
    var bytes: [UInt8]

    func range(_ start: Int, _ count: Int) -> Range<Int>? {
        guard start >= 0, count >= 0, start <= bytes.count, count <= bytes.count - start else { return nil }
        return start..<(start + count)
    }

    func number16(_ place: Int) -> Int? {
        range(place, 2).map { Int(bytes[$0.lowerBound]) | Int(bytes[$0.lowerBound + 1]) << 8 }
    }

    func number32(_ place: Int) -> Int? {
        guard range(place, 4) != nil, let low = number16(place), let high = number16(place + 2) else { return nil }
        return high << 16 | low
    }

    /// Where the record at the end begins: behind it a comment of at most 65,535 bytes, whose length it says.
    var directoryEnd: Int? {
        var place = bytes.count - 22
        let last = max(0, place - 0xFFFF)
        while place >= last {
            if number32(place) == 0x0605_4B50, number16(place + 20) == bytes.count - place - 22 { return place }
            place -= 1
        }
        return nil
    }

    func entry(at place: Int) throws(ZipError) -> (ZipReader.Entry, next: Int) {
        guard number32(place) == 0x0201_4B50, let flags = number16(place + 8), let method = number16(place + 10),
            let checksum = number32(place + 16), let packed = number32(place + 20), let length = number32(place + 24),
            let name = number16(place + 28), let extra = number16(place + 30), let comment = number16(place + 32),
            let offset = number32(place + 42), let nameRange = range(place + 46, name)
        else { throw ZipError(.damaged, "the directory of the archive is damaged") }
        guard flags & 1 == 0, method == 0 || method == 8 else {
            throw ZipError(.unsupported, "the archive is encrypted or packed in a way that is not read here")
        }
        let entry = ZipReader.Entry(
            name: String(decoding: bytes[nameRange], as: UTF8.self), length: length, isDeflated: method == 8,
            checksum: UInt32(checksum), packed: packed, offset: offset)
        return (entry, place + 46 + name + extra + comment)
    }
}
