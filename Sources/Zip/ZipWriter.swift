import Gzip
import struct FoundationEssentials.Data

/// Writes a ZIP archive (PKWARE APPNOTE 6.3) piece by piece: what is held is a name and a few numbers for each entry, and
/// the entry that is being written.
///
/// Equal entries give equal bytes: all are dated 1980-01-01, the earliest that the format knows. There are no extra fields
/// and no data descriptors, as the container of EPUB wants it.
public struct ZipWriter {
    /// Most bytes of an archive and of an entry, and most entries, without the 64-bit extension.
    static let maximumBytes = Int(UInt32.max) - 1
    static let maximumEntries = Int(UInt16.max) - 1

    private struct Entry {
        var name: [UInt8]
        var isDeflated: Bool
        var checksum: UInt32
        var packed: Int
        var length: Int
        var offset: Int
    }

    private let output: ([UInt8]) throws -> Void
    private var entries: [Entry] = []
    private var names: Set<[UInt8]> = []
    /// Bytes written so far.
    public private(set) var count = 0

    /// - Parameter output: takes each piece of the archive, in order.
    public init(to output: @escaping ([UInt8]) throws -> Void) {
        self.output = output
    }

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - name: its path in the archive, with slashes, in UTF-8; each once.
    ///   - isStored: whether it is to be stored as it is. Otherwise it is deflated, if that makes it smaller.
    /// - Throws: ``ZipError``, and whatever the output throws.
    public mutating func add(_ name: String, _ bytes: [UInt8], isStored: Bool = false) throws {
        let name = Array(name.utf8)
        guard !name.isEmpty, name.count <= 1024, !names.contains(name) else {
            throw ZipError(.badName, "an entry has no name, too long a one, or one that is there already")
        }
        let deflated = isStored ? nil : Gzip.deflated(Data(bytes), level: 6)
        let content = deflated.map { Array($0) } ?? bytes
        let entry = Entry(
            name: name, isDeflated: deflated != nil, checksum: CRC32.checksum(bytes), packed: content.count,
            length: bytes.count, offset: count)
        guard bytes.count <= Self.maximumBytes, entries.count < Self.maximumEntries else {
            throw ZipError(.tooLarge, "an archive holds at most 65,534 files of less than 4 GiB each")
        }
        var head = LittleEndian()
        head.add32(0x0403_4B50)
        Self.addCommon(entry, to: &head)
        head.bytes += name
        try write(head.bytes)
        try write(content)
        entries.append(entry)
        names.insert(name)
    }

    /// Writes the directory at the end. Nothing may be added afterwards.
    public mutating func finish() throws {
        let start = count
        for entry in entries {
            var head = LittleEndian()
            head.add32(0x0201_4B50)
            // Made by: version 2.0, on a system whose attributes mean nothing here.
            head.add16(20)
            Self.addCommon(entry, to: &head)
            head.add16(0)  // length of the comment
            head.add16(0)  // disk
            head.add16(0)  // internal attributes
            head.add32(0)  // external attributes
            head.add32(UInt32(entry.offset))
            head.bytes += entry.name
            try write(head.bytes)
        }
        var end = LittleEndian()
        end.add32(0x0605_4B50)
        end.add16(0)
        end.add16(0)
        end.add16(UInt16(entries.count))
        end.add16(UInt16(entries.count))
        end.add32(UInt32(count - start))
        end.add32(UInt32(start))
        end.add16(0)
        try write(end.bytes)
    }

    /// The part that an entry's own head and its line in the directory share.
    private static func addCommon(_ entry: Entry, to head: inout LittleEndian) {
        head.add16(20)
        // Bit 11: the name is UTF-8.
        head.add16(entry.name.allSatisfy { $0 < 0x80 } ? 0 : 1 << 11)
        head.add16(entry.isDeflated ? 8 : 0)
        head.add16(0)  // 00:00:00
        head.add16(1 << 5 | 1)  // 1980-01-01
        head.add32(entry.checksum)
        head.add32(UInt32(entry.packed))
        head.add32(UInt32(entry.length))
        head.add16(UInt16(entry.name.count))
        head.add16(0)  // length of the extra field
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        guard count + bytes.count <= Self.maximumBytes else {
            throw ZipError(.tooLarge, "the archive would have more than 4 GiB")
        }
        try output(bytes)
        count += bytes.count
    }
}

/// Numbers as ZIP writes them, the least significant byte first.
private struct LittleEndian {
    var bytes: [UInt8] = []

    mutating func add16(_ number: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: number))
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
    }

    mutating func add32(_ number: UInt32) {
        add16(UInt16(truncatingIfNeeded: number))
        add16(UInt16(truncatingIfNeeded: number >> 16))
    }
}
