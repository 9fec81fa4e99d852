public import SyncCore

extension Digest128: WireMessage {
    /// Reads 32 hexadecimal digits.
    public init(from node: JSONNode) throws(WireError) {
        let (high, low) = try node.hexadecimal(words: 2)
        self.init(high: high, low: low)
    }

    /// Writes 32 hexadecimal digits.
    public func write(to writer: inout JSONWriter) { writer.hexadecimal(high, low) }
}

extension ArticleID: WireMessage {
    /// Reads 32 hexadecimal digits.
    public init(from node: JSONNode) throws(WireError) { self.init(digest: try Digest128(from: node)) }

    /// Writes 32 hexadecimal digits.
    public func write(to writer: inout JSONWriter) { digest.write(to: &writer) }
}

extension ReplicaID: WireMessage {
    /// Reads sixteen hexadecimal digits.
    public init(from node: JSONNode) throws(WireError) {
        self.init(rawValue: try node.hexadecimal(words: 1).low)
    }

    /// Writes sixteen hexadecimal digits.
    public func write(to writer: inout JSONWriter) { writer.hexadecimal(rawValue) }
}

extension EntityName: WireMessage {
    /// Reads a name; refuses what is not one.
    public init(from node: JSONNode) throws(WireError) {
        guard let name = EntityName(try node.text()) else {
            throw WireError("a name has 1 to 64 characters of A-Z a-z 0-9 . _ -")
        }
        self = name
    }

    /// Writes the text.
    public func write(to writer: inout JSONWriter) { writer.text(text) }
}

extension Cadence: WireMessage {
    /// Reads a name.
    public init(from node: JSONNode) throws(WireError) { self.init(try EntityName(from: node)) }

    /// Writes the name.
    public func write(to writer: inout JSONWriter) { name.write(to: &writer) }
}

extension WallTime: WireMessage {
    /// Reads milliseconds since 1970.
    public init(from node: JSONNode) throws(WireError) { self.init(milliseconds: try Int64(from: node)) }

    /// Writes milliseconds since 1970.
    public func write(to writer: inout JSONWriter) { writer.integer(milliseconds) }
}

extension HybridTimestamp: WireMessage {
    /// Reads `[milliseconds, counter]`: two numbers, since their packed form does not fit JavaScript's 53 bits.
    public init(from node: JSONNode) throws(WireError) {
        var list = try node.list()
        let milliseconds = try list.read(Int64.self)
        let counter = try list.read(UInt16.self)
        guard (0...Int64(Self.maximumMilliseconds)).contains(milliseconds) else {
            throw WireError("milliseconds are 0 to 2^48-1")
        }
        self.init(milliseconds: milliseconds, counter: counter)
    }

    /// Writes `[milliseconds, counter]`.
    public func write(to writer: inout JSONWriter) {
        writer.list { writer in
            writer.element(milliseconds)
            writer.element(counter)
        }
    }
}

extension StateCursor: WireMessage {
    /// Reads a cursor.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        let epoch = try members.read("epoch", as: ReplicaID.self)
        self.init(
            epoch: epoch.rawValue, sequence: try members.count("sequence"), prefix: try members.read("prefix"))
    }

    /// Writes a cursor.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("epoch", ReplicaID(rawValue: epoch))
            writer.member("prefix", prefix)
            writer.member("sequence", sequence)
        }
    }
}

extension CatalogHead: WireMessage {
    /// Reads a head.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            publication: try members.read("publication"), generation: try members.read("generation"),
            count: try members.count("count"), hash: try members.read("hash"))
    }

    /// Writes a head.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("count", count)
            writer.member("generation", generation)
            writer.member("hash", hash)
            writer.member("publication", publication)
        }
    }
}
