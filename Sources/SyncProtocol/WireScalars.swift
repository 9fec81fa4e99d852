public import SyncCore

extension Digest128: Codable {
    /// Decodes 32 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        self = try decoder.text("32 hexadecimal digits") { Digest128($0) }
    }

    /// Encodes 32 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        try encoder.write(description)
    }
}

extension ArticleID: Codable {
    /// Decodes 32 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        self.init(digest: try Digest128(from: decoder))
    }

    /// Encodes 32 hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        try digest.encode(to: encoder)
    }
}

extension ReplicaID: Codable {
    /// Decodes sixteen hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        self = try decoder.text("sixteen hexadecimal digits") { ReplicaID($0) }
    }

    /// Encodes sixteen hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        try encoder.write(description)
    }
}

extension WallTime: Codable {
    /// Decodes milliseconds since 1970.
    public init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Encodes milliseconds since 1970.
    public func encode(to encoder: any Encoder) throws {
        try encoder.write(milliseconds)
    }
}

extension HybridTimestamp: Codable {
    /// Decodes `[milliseconds, counter]`: two numbers, since their packed form does not fit JavaScript's 53 bits.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let milliseconds = try container.decode(Int64.self)
        let counter = try container.decode(UInt16.self)
        guard (0...Int64(Self.maximumMilliseconds)).contains(milliseconds) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "milliseconds are 0 to 2^48-1")
        }
        self.init(milliseconds: milliseconds, counter: counter)
    }

    /// Encodes `[milliseconds, counter]`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(milliseconds)
        try container.encode(counter)
    }
}

extension StateCursor: Codable {
    private enum Key: String, CodingKey {
        case epoch, sequence, prefix
    }

    /// Decodes a cursor.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let epoch = try container.decode(ReplicaID.self, forKey: .epoch)
        self.init(
            epoch: epoch.rawValue, sequence: try container.decodeCount(forKey: .sequence),
            prefix: try container.decode(Digest128.self, forKey: .prefix))
    }

    /// Encodes a cursor.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(epoch.hexDigits, forKey: .epoch)
        try container.encode(sequence, forKey: .sequence)
        try container.encode(prefix, forKey: .prefix)
    }
}

extension CatalogHead: Codable {
    private enum Key: String, CodingKey {
        case publication, generation, count, hash
    }

    /// Decodes a head.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            publication: try container.decode(EntityName.self, forKey: .publication),
            generation: try container.decode(String.self, forKey: .generation),
            count: try container.decodeCount(forKey: .count),
            hash: try container.decode(Digest128.self, forKey: .hash))
    }

    /// Encodes a head.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(publication, forKey: .publication)
        try container.encode(generation, forKey: .generation)
        try container.encode(count, forKey: .count)
        try container.encode(hash, forKey: .hash)
    }
}

extension KeyedDecodingContainer {
    /// A sequence, an index or a number: small enough to count on from there, and to be stored as a signed number.
    func decodeCount(forKey key: Key) throws -> UInt64 {
        let count = try decode(UInt64.self, forKey: key)
        guard count <= Limits.maximumCount else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "at most \(Limits.maximumCount)")
        }
        return count
    }
}

extension Decoder {
    func text<Value>(_ expected: String, _ parse: (String) -> Value?) throws -> Value {
        let container = try singleValueContainer()
        guard let value = parse(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected \(expected)")
        }
        return value
    }
}

extension Encoder {
    func write(_ value: some Encodable) throws {
        var container = singleValueContainer()
        try container.encode(value)
    }
}
