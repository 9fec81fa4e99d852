import Glibc

/// An IPv4 or IPv6 address a host's name resolved to.
///
/// The questions below see through IPv6 forms that carry an IPv4 address (mapped RFC 4291 §2.5.5, NAT64 RFC 6052,
/// 6to4 RFC 3056): those packets end up at the IPv4 address.
public struct ResolvedAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address in network order: 4 bytes for IPv4, 16 for IPv6.
    public let bytes: [UInt8]

    /// Takes an address in network order; `nil` unless it is 4 or 16 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads a literal such as `127.0.0.1` or `fe80::1`; `nil` when it is neither.
    public init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else {
            return nil
        }
    }

    /// The literal.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return text.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) ?? "?" }
    }

    /// This machine: 127.0.0.0/8 and ::1, and 0.0.0.0/8 and ::, which Linux connects to itself.
    public var isLoopback: Bool {
        if let v4 = ipv4 { return v4[0] == 127 || v4[0] == 0 }
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] <= 1
    }

    /// This link: 169.254.0.0/16 (RFC 3927, clouds serve instance credentials there) and fe80::/10.
    public var isLinkLocal: Bool {
        if let v4 = ipv4 { return v4[0] == 169 && v4[1] == 254 }
        return bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
    }

    /// A private network: RFC 1918, shared space 100.64.0.0/10 (RFC 6598), fc00::/7 (RFC 4193), fec0::/10.
    public var isPrivate: Bool {
        if let v4 = ipv4 {
            return v4[0] == 10 || (v4[0] == 172 && v4[1] & 0xf0 == 16) || (v4[0] == 192 && v4[1] == 168)
                || (v4[0] == 100 && v4[1] & 0xc0 == 64)
        }
        return bytes[0] & 0xfe == 0xfc || (bytes[0] == 0xfe && bytes[1] & 0xc0 == 0xc0)
    }

    /// Neither of the above, nor a range RFC 6890 keeps for protocols, tests, documentation, multicast or later.
    public var isPublic: Bool { !isLoopback && !isLinkLocal && !isPrivate && !isReserved }

    private var isReserved: Bool {
        if let v4 = ipv4 {
            switch (v4[0], v4[1], v4[2]) {
            case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100), (203, 0, 113),
                (224..., _, _):
                return true
            default: return false
            }
        }
        if bytes[0] == 0xff || bytes.starts(with: [0x01, 0x00]) { return true }
        return bytes.starts(with: [0x20, 0x01, 0x0d, 0xb8]) || bytes.starts(with: [0x00, 0x64, 0xff, 0x9b])
            // 2001::/32, Teredo (RFC 4380): leads to whatever IPv4 address the name's owner wrote into it.
            || bytes.starts(with: [0x20, 0x01, 0x00, 0x00])
    }

    private var ipv4: ArraySlice<UInt8>? {
        if bytes.count == 4 { return bytes[...] }
        let first12 = bytes.prefix(12)
        let isMapped = first12.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])
        let isNAT64 = first12.elementsEqual([0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0])
        if isMapped || isNAT64 { return rebased(bytes[12...]) }
        if bytes.starts(with: [0x20, 0x02]) { return rebased(bytes[2..<6]) }
        // ::a.b.c.d, deprecated; :: and ::1 are IPv6's own.
        if first12.allSatisfy({ $0 == 0 }), bytes[12...].contains(where: { $0 != 0 }),
            bytes[12...14] != [0, 0, 0]
        {
            return rebased(bytes[12...])
        }
        return nil
    }

    private func rebased(_ slice: ArraySlice<UInt8>) -> ArraySlice<UInt8> { Array(slice)[...] }
}
