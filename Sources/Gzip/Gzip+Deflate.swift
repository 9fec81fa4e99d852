public import struct FoundationEssentials.Data

/// Deflate (RFC 1951) without the wrapper, as ZIP archives hold it. A gzip member is ten bytes of head, where there is no
/// name in it, then deflate, then checksum and length (RFC 1952 §2.3).
extension Gzip {
    static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    private static let tailBytes = 8

    /// The deflated form.
    ///
    /// - Parameter level: zlib's, 1 (fastest) to 9 (smallest).
    /// - Returns: `nil` if it would not be smaller, or if zlib is not there.
    public static func deflated(_ body: Data, level: Int) -> Data? {
        guard let member = packed(body, level: level), member.count > head.count + tailBytes else { return nil }
        return Data(member.dropFirst(head.count).dropLast(tailBytes))
    }

    /// What a deflated form was made of; `nil` if that is not `length` bytes with this checksum (CRC-32).
    public static func inflated(_ packed: Data, length: Int, checksum: UInt32) -> Data? {
        guard let size = UInt32(exactly: length) else { return nil }
        var member = Data(head)
        member.append(packed)
        for number in [checksum, size] {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                member.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        return try? unpacked(member, limit: length)
    }
}
