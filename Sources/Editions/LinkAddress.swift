/// Addresses as documents may hold them (RFC 3986).
enum LinkAddress {
    /// An absolute `http`, `https` or `mailto` address in which all characters that may not stand there are
    /// percent-encoded; `nil` if it is none, or names no host that could be one.
    static func valid(_ address: String) -> String? {
        let isMail = address.hasPrefix("mailto:")
        guard isMail || address.hasPrefix("http://") || address.hasPrefix("https://"), address.utf8.count <= 4096 else {
            return nil
        }
        if !isMail {
            let rest = address.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst(3)
            let host = rest.prefix { !"/?#".utf8.contains($0) }
            guard isHost(host) else { return nil }
        }
        let bytes = Array(address.utf8)
        var result: [UInt8] = []
        var hasFragment = false
        for (index, byte) in bytes.enumerated() {
            let isCode =
                byte == UInt8(ascii: "%") && index + 2 < bytes.count && isHex(bytes[index + 1])
                && isHex(bytes[index + 2])
            if isCode || isAllowed(byte) && !(byte == UInt8(ascii: "#") && hasFragment) {
                hasFragment = hasFragment || byte == UInt8(ascii: "#")
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isHost(_ text: some Collection<UInt8>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty, name.first != UInt8(ascii: "."), name.allSatisfy(isHostByte) else {
            return false
        }
        guard parts.count == 2 else { return true }
        guard parts[1].allSatisfy({ $0 &- 0x30 < 10 }), let port = UInt16(String(decoding: parts[1], as: UTF8.self))
        else {
            return false
        }
        return port > 0
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// Unreserved and reserved characters, brackets left out: they may stand in a host alone.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "-._~:/?#@!$&'()*+,;=".utf8.contains(byte)
    }

    private static func isHex(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
