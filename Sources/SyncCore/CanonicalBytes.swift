/// One spelling for each value, to be hashed: numbers big-endian, texts and lists with their length before them,
/// members of objects in the order of their bytes. Never stored and never sent.
struct CanonicalBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: UInt64) {
        bytes.append(contentsOf: number.bigEndianBytes)
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ digest: Digest128) {
        bytes.append(contentsOf: digest.bytes)
    }

    mutating func append(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    mutating func append(_ value: JSONValue) {
        switch value {
        case .null: bytes.append(0)
        case .bool(let flag):
            bytes.append(1)
            append(flag)
        case .integer(let number):
            bytes.append(2)
            append(UInt64(bitPattern: number))
        case .fraction(let number):
            bytes.append(3)
            append(number.bitPattern)
        case .string(let text):
            bytes.append(4)
            append(text)
        case .array(let values):
            bytes.append(5)
            append(UInt64(values.count))
            for value in values { append(value) }
        case .object(let members):
            bytes.append(6)
            append(members)
        }
    }

    mutating func append(_ members: [String: JSONValue]) {
        append(UInt64(members.count))
        for (name, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            append(name)
            append(value)
        }
    }

    mutating func append(_ entity: Entity) {
        switch entity {
        case .article(let id):
            append("article")
            append(id.digest)
        case .newsletter(let name):
            append("newsletter")
            append(name.text)
        case .consent(let name):
            append("consent")
            append(name.text)
        case .reader:
            append("reader")
        case .other(let kind, let name):
            append("other")
            append(kind.text)
            append(name.text)
        }
    }

    mutating func append(_ value: Value) {
        switch value {
        case .read(let isRead, let origin):
            append(isRead)
            append(origin.text)
        case .flag(let flag): append(flag)
        case .progress(let points): append(UInt64(points))
        case .note(let text, let base):
            append(text)
            append(base)
        case .frequency(let cadence): append(cadence.name.text)
        case .consent(let given, let terms):
            append(given)
            append(terms.wordingVersion)
            append(terms.wordingHash)
            append(terms.policyVersion)
            append(terms.termsVersion)
            append(terms.surface)
        case .other(let value): append(value)
        }
    }

    /// What a change says, under its name; not when, or in whose light.
    mutating func append(sayingOf change: Change) {
        append(change.id.replica.rawValue)
        append(change.id.number)
        append(change.key.entity)
        append(change.key.field.text)
        append(change.value)
    }

    mutating func append(_ change: Change) {
        append(change.id.replica.rawValue)
        append(change.id.number)
        append(change.stamp.rawValue)
        append(change.seen.through)
        append(UInt64(change.seen.also.count))
        for sequence in change.seen.also { append(sequence) }
        append(change.key.entity)
        append(change.key.field.text)
        append(change.value)
        append(change.extra)
    }
}

extension Change {
    /// The digest of what the author said under this id. Two changes with one id and different digests mean that two
    /// machines use one replica's identity. When it was said, and in whose light, is no part of it: both alter when
    /// another replica brings a change back to a restored log.
    public var contentDigest: Digest128 {
        var canonical = CanonicalBytes()
        canonical.append(sayingOf: self)
        canonical.append(extra)
        return Digest128(hashing: canonical.bytes)
    }
}

extension Change {
    /// Whether both say the same of the same, whenever and in whatever light.
    public func says(sameAs other: Change) -> Bool { key == other.key && value == other.value }

    /// What the change is called in a log where another change has its name: replicas that were put back to an old image
    /// use numbers again, and a log that was put back as well cannot know. It follows from what the change says, so
    /// that everybody who brings it back calls it alike.
    public var nameWhereTaken: ChangeID {
        var canonical = CanonicalBytes()
        canonical.append(sayingOf: self)
        return ChangeID(replica: ReplicaID(rawValue: Digest128(hashing: canonical.bytes).high | 1), number: 1)
    }
}

extension LogEntry {
    /// The prefix hash after this entry, from the one before it. The instant of receipt is not part of it: a log
    /// that is restored from its readers' replicas gets its old hashes back, and their cursors stay good.
    public func prefix(after previous: Digest128) -> Digest128 {
        var canonical = CanonicalBytes()
        canonical.append(sequence)
        canonical.append(change)
        return previous.chained(with: canonical.bytes)
    }
}

extension RegisterKey {
    /// The digest of the key: a short stable name for a conflict.
    public var digest: Digest128 {
        var canonical = CanonicalBytes()
        canonical.append(entity)
        canonical.append(field.text)
        return Digest128(hashing: canonical.bytes)
    }
}
