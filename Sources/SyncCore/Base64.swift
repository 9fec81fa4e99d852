/// Base64 with padding (RFC 4648 §4).
public enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of bytes.
    ///
    /// - Complexity: O(n).
    public static func text(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { out in
            var place = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let rest = min(3, bytes.count - start)
                let word = (0..<3).reduce(UInt32(0)) { $0 << 8 | ($1 < rest ? UInt32(bytes[start + $1]) : 0) }
                for digit in 0..<4 {
                    out[place] = digit <= rest ? digits[Int(word >> (18 - 6 * UInt32(digit)) & 63)] : UInt8(ascii: "=")
                    place += 1
                }
            }
            return place
        }
    }
}
