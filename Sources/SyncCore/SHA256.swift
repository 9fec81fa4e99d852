/// SHA-256 (FIPS 180-4 §6.2). Here because the core may import nothing, and because the one package that offers
/// it compiles all of BoringSSL: a quarter of a clean build for one function (Protocol/decisions/0002). Used to
/// name and to verify, never to keep a secret apart from a random 256-bit token's digest.
public enum SHA256 {
    /// The digest of `bytes`, 32 bytes.
    public static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        Self.bytes(of: words(of: bytes))
    }

    /// The digest of `bytes` as eight numbers, the first one of the first four bytes.
    static func words(of bytes: some Sequence<UInt8>) -> SIMD8<UInt32> {
        bytes.withContiguousStorageIfAvailable { words(of: $0) }
            ?? Array(bytes).withUnsafeBufferPointer { words(of: $0) }
    }

    private static func words(of bytes: UnsafeBufferPointer<UInt8>) -> SIMD8<UInt32> {
        var state = start
        let whole = bytes.count / 64
        if whole > 0 { compress(&state, bytes, blocks: whole) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { last in
            let rest = bytes.count - whole * 64
            let blocks = rest < 56 ? 1 : 2
            last.initialize(repeating: 0)
            for index in 0..<rest { last[index] = bytes[whole * 64 + index] }
            last[rest] = 0x80
            let bits = UInt64(bytes.count) * 8
            for index in 0..<8 {
                last[blocks * 64 - 8 + index] = UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64(index)))
            }
            compress(&state, UnsafeBufferPointer(last), blocks: blocks)
        }
        return state
    }

    private static func bytes(of state: SIMD8<UInt32>) -> [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 4] >> (24 - 8 * UInt32($0 % 4))) }
    }

    private static func compress(_ state: inout SIMD8<UInt32>, _ bytes: UnsafeBufferPointer<UInt8>, blocks: Int) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            constants.withUnsafeBufferPointer { constants in
                for block in 0..<blocks {
                    expand(bytes, at: block * 64, into: schedule)
                    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
                    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
                    for round in 0..<64 {
                        let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
                        let choice = (e & f) ^ (~e & g)
                        let first = h &+ sum1 &+ choice &+ constants[round] &+ schedule[round]
                        let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
                        let majority = (a & b) ^ (a & c) ^ (b & c)
                        (h, g, f, e) = (g, f, e, d &+ first)
                        (d, c, b, a) = (c, b, a, first &+ sum0 &+ majority)
                    }
                    state &+= SIMD8(a, b, c, d, e, f, g, h)
                }
            }
        }
    }

    private static func expand(
        _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, into schedule: UnsafeMutableBufferPointer<UInt32>
    ) {
        for word in 0..<16 {
            let at = offset + word * 4
            schedule[word] =
                UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8
                | UInt32(bytes[at + 3])
        }
        for word in 16..<64 {
            let (w15, w2) = (schedule[word - 15], schedule[word - 2])
            let small0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >> 3)
            let small1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >> 10)
            schedule[word] = schedule[word - 16] &+ small0 &+ schedule[word - 7] &+ small1
        }
    }

    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value >> count | value << (32 - count)
    }

    private static let start = SIMD8<UInt32>(
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)

    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
