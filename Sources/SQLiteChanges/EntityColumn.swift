public import SyncCore

/// How an entity stands in a BLOB column: one byte for its kind, then its key. Sorts by kind, then key, and costs
/// 17 bytes for an article.
public enum EntityColumn {
    /// The column's bytes.
    public static func encode(_ entity: Entity) -> [UInt8] {
        switch entity {
        case .article(let id): [1] + id.digest.bytes
        case .newsletter(let name): [2] + Array(name.text.utf8)
        case .consent(let name): [3] + Array(name.text.utf8)
        case .reader: [4]
        case .other(let kind, let name): [5] + Array((kind.text + "/" + name.text).utf8)
        }
    }

    /// The entity behind the bytes; `nil` if they are none of ``encode(_:)``'s.
    public static func decode(_ bytes: [UInt8]) -> Entity? { bytes.withUnsafeBytes { decode($0) } }

    /// The entity behind the bytes; `nil` if they are none of ``encode(_:)``'s.
    public static func decode(_ bytes: UnsafeRawBufferPointer) -> Entity? {
        guard let kind = bytes.first else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[1...])
        switch kind {
        case 1: return Digest128(bytes: rest).map { .article(ArticleID(digest: $0)) }
        case 2: return EntityName(String(decoding: rest, as: UTF8.self)).map { .newsletter($0) }
        case 3: return EntityName(String(decoding: rest, as: UTF8.self)).map { .consent($0) }
        case 4: return rest.isEmpty ? .reader : nil
        case 5:
            let parts = String(decoding: rest, as: UTF8.self).split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let kind = EntityName(parts[0]), let name = EntityName(parts[1]) else {
                return nil
            }
            return .other(kind: kind, name: name)
        default: return nil
        }
    }
}
