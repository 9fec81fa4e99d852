/// The checksum of ZIP and gzip (ISO 3309, the polynomial 0xEDB88320), eight bytes a step.
enum CRC32 {
    /// The checksum of `bytes`.
    ///
    /// - Complexity: O(n), about a gigabyte a second.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.withContiguousStorageIfAvailable { checksum($0) } ?? Array(bytes).withUnsafeBufferPointer { checksum($0) }
    }

    private static func checksum(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var sum: UInt32 = 0xFFFF_FFFF
            var index = 0
            let raw = UnsafeRawBufferPointer(bytes)
            while index + 8 <= raw.count {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(sum)
                sum = 0
                for place in 0..<8 {
                    let byte = Int(truncatingIfNeeded: word >> UInt64(8 * place)) & 0xFF
                    sum ^= tables[(7 - place) * 256 + byte]
                }
                index += 8
            }
            while index < raw.count {
                sum = tables[Int((sum ^ UInt32(raw[index])) & 0xFF)] ^ (sum >> 8)
                index += 1
            }
            return ~sum
        }
    }

    /// Eight tables of 256: what a byte does to the sum, alone and with one to seven zero bytes behind it.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        for byte in UInt32(0)..<256 {
            var sum = byte
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
            tables.append(sum)
        }
        for place in 256..<2048 {
            let before = tables[place - 256]
            tables.append(tables[Int(before & 0xFF)] ^ (before >> 8))
        }
        return tables
    }()
}
