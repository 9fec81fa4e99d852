public import struct FoundationEssentials.Data
public import SyncCore

/// The first line of a tile or tail.
public struct TileHeader: Hashable, Sendable {
    /// The publication.
    public var publication: EntityName
    /// Its history's generation.
    public var generation: String
    /// Index of the entry on the next line.
    public var from: UInt64
    /// How many lines follow.
    public var count: Int
    /// The chained hash before the first of them.
    public var start: Digest128

    /// Makes a header.
    public init(publication: EntityName, generation: String, from: UInt64, count: Int, start: Digest128) {
        self.publication = publication
        self.generation = generation
        self.from = from
        self.count = count
        self.start = start
    }
}

extension TileHeader: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        publication = try members.read("publication")
        generation = try members.read("generation")
        from = try members.read("from")
        count = try members.read("count")
        start = try members.read("start")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("count", count)
            writer.member("from", from)
            writer.member("generation", generation)
            writer.member("publication", publication)
            writer.member("start", start)
        }
    }
}

/// A publication's history as lines of JSON, chained by hash: the hash after a line is the first 128 bits of
/// SHA-256 over the hash before it and the line's bytes. Whoever holds the hash at any index can verify every line
/// before it, tile by tile, the newest first, whichever cache or file server gave them.
public enum CatalogLines {
    /// The line of an entry, without line end.
    public static func line(_ entry: CatalogEntry) throws(WireError) -> Data {
        let wire: WireCatalogEntry =
            switch entry {
            case .article(let article): .article(WireArticle(article))
            case .feeds(let number, let feeds): .feeds(number: number, feeds)
            case .removed(let number): .removed(number: number)
            }
        return try WireCodec.encode(wire)
    }

    /// The hash after a line.
    public static func hash(after previous: Digest128, line: some Sequence<UInt8>) -> Digest128 {
        previous.chained(with: line)
    }

    /// The body of a tile or tail.
    public static func body(_ header: TileHeader, lines: some Sequence<Data>) throws(WireError) -> Data {
        var body = try WireCodec.encode(header)
        for line in lines {
            body.append(10)
            body.append(line)
        }
        body.append(10)
        return body
    }

    /// Reads a tile or tail and computes the hash at each of its lines. A line that is no entry this version can
    /// read becomes `nil`: it counts for the hashes and blocks nothing.
    ///
    /// - Throws: ``WireError`` if the header is none, or the number or length of lines is not as it says.
    public static func page(from body: Data) throws(WireError) -> CatalogPage {
        guard body.last == UInt8(ascii: "\n") else { throw WireError("the answer ends in the middle of a line") }
        // Slices, not copies.
        var start = body.startIndex
        var lines = body.withUnsafeBytes { JSONMarks.lineEnds(in: $0) }.map { offset -> Data in
            let end = body.startIndex + offset
            defer { start = end + 1 }
            return body[start..<end]
        }[...]
        guard let first = lines.popFirst() else { throw WireError("the answer is empty") }
        let header = try WireCodec.decode(TileHeader.self, from: first)
        guard lines.count == header.count, header.count <= Int(CatalogPage.tileSize) else {
            throw WireError("the tile announces \(header.count) lines and has \(lines.count)")
        }
        return try page(
            publication: header.publication, generation: header.generation, from: header.from, start: header.start,
            lines: Array(lines))
    }

    /// Reads a piece of history that came inside an answer.
    public static func page(from tail: WireTail) throws(WireError) -> CatalogPage {
        try page(
            publication: tail.publication, generation: tail.generation, from: tail.from, start: tail.start,
            lines: tail.lines.map { Data($0.utf8) })
    }

    private static func page(
        publication: EntityName, generation: String, from: UInt64, start: Digest128, lines: [Data]
    ) throws(WireError) -> CatalogPage {
        guard from <= Limits.maximumCount else { throw WireError(path: "from", "at most \(Limits.maximumCount)") }
        var hashes = [start]
        var entries: [CatalogEntry?] = []
        for (index, line) in lines.enumerated() {
            guard line.count <= Limits.lineBytes else {
                throw WireError(path: "line \(index)", "longer than \(Limits.lineBytes) bytes")
            }
            hashes.append(hash(after: hashes[index], line: line))
            let wire = try? WireCodec.decode(WireCatalogEntry.self, from: line)
            entries.append(wire.map { $0.entry(of: publication) })
        }
        return CatalogPage(
            publication: publication, generation: generation, from: from, entries: entries, hashes: hashes)
    }
}

extension WireCatalogEntry {
    /// The entry, as one of `publication`.
    public func entry(of publication: EntityName) -> CatalogEntry {
        switch self {
        case .article(let wire):
            var article = wire.article
            article.publication = publication
            return .article(article)
        case .feeds(let number, let feeds): return .feeds(number: number, feeds)
        case .removed(let number): return .removed(number: number)
        }
    }
}
