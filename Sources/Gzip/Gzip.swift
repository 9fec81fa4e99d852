import CZlib

public import struct FoundationEssentials.Data

/// gzip (RFC 1952) of whole bodies, in one piece.
public enum Gzip {
    /// Why bytes could not be unpacked.
    public enum Failure: Error {
        /// They are not exactly one gzip member, or end too early, or are damaged.
        case damaged
        /// They would be more than the limit.
        case tooLarge
    }

    /// The gzip form.
    ///
    /// - Parameter level: zlib's, 1 (fastest) to 9 (smallest).
    /// - Returns: `nil` if it would not be smaller, or if zlib is not there.
    public static func packed(_ body: Data, level: Int) -> Data? {
        let capacity = czlib_bound(body.count)
        let packed = body.withUnsafeBytes { input in
            [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
                count = czlib_gzip(
                    input.baseAddress?.assumingMemoryBound(to: UInt8.self), body.count, output.baseAddress,
                    capacity, Int32(clamping: level))
            }
        }
        return packed.isEmpty || packed.count >= body.count ? nil : Data(packed)
    }

    /// What a gzip form was made of.
    ///
    /// - Parameter limit: most bytes that come out; more are not made.
    /// - Throws: ``Failure``.
    public static func unpacked(_ packed: Data, limit: Int) throws(Failure) -> Data {
        // RFC 1952 §2.3.1: a member begins with two ids and the method; the last four bytes are the length, the least
        // significant first. It is checked by zlib.
        guard packed.count >= 18, packed.starts(with: head.prefix(3)) else { throw .damaged }
        let length = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= limit else { throw .tooLarge }
        var isWhole = false
        let body = packed.withUnsafeBytes { input in
            [UInt8](unsafeUninitializedCapacity: max(length, 1)) { output, count in
                isWhole = czlib_gunzip(
                    input.baseAddress?.assumingMemoryBound(to: UInt8.self), packed.count, output.baseAddress, length)
                count = isWhole ? length : 0
            }
        }
        guard isWhole else { throw .damaged }
        return Data(body)
    }
}
