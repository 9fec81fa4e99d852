import SyncCore

/// Where a snapshot goes on: the cursor of its first page, and the last register that was sent. As text it is
/// `epoch-sequence-prefix-entity-field`, all in hexadecimal digits but the sequence.
struct SnapshotPlace: Hashable {
    var cursor: StateCursor
    var position: RegisterPosition

    /// Longest text: the field of a tag has 68 bytes, an entity at most 130.
    private static let maximumBytes = 600

    init(cursor: StateCursor, position: RegisterPosition) {
        self.cursor = cursor
        self.position = position
    }

    init?(_ text: String) {
        let parts = text.utf8.count <= Self.maximumBytes ? text.split(separator: "-") : []
        guard parts.count == 5, let epoch = UInt64(hexDigits: parts[0]), let sequence = UInt64(parts[1]),
            let prefix = Digest128(parts[2]), let entity = Self.bytes(parts[3]),
            let field = Self.bytes(parts[4])
        else { return nil }
        cursor = StateCursor(epoch: epoch, sequence: sequence, prefix: prefix)
        position = RegisterPosition(entity: entity, field: String(decoding: field, as: UTF8.self))
    }

    var text: String {
        [
            cursor.epoch.hexDigits, String(cursor.sequence), cursor.prefix.description,
            Self.hex(position.entity),
            Self.hex(Array(position.field.utf8)),
        ].joined(separator: "-")
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        let digits = Array(digits.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            let pair = digits[index...(index + 1)]
            guard !pair.contains(UInt8(ascii: "+")),
                let byte = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
