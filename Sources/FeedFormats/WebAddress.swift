/// Makes addresses absolute (RFC 3986 §5.2) and says which ones a reader may follow.
///
/// Like browsers, and unlike the RFC, it drops tabs and line breaks, trims blanks, and reads `\` as `/` in `http` and
/// `https` addresses: what a browser would open is what must be checked. The host is kept as written but for its
/// letters' case.
public enum WebAddress {
    /// What a link is for.
    enum Use {
        /// `http`, `https` and `mailto`.
        case link
        /// `http` and `https`.
        case resource
    }

    /// `reference` made absolute against `base`; `nil` when it is relative and there is no base, or either is
    /// malformed. Any scheme is allowed: see ``safe(_:base:)``.
    ///
    /// - Complexity: linear.
    public static func resolve(_ reference: String, base: String?) -> String? {
        if isNormal(reference) { return reference }
        return resolve(reference, against: base.flatMap { AddressParts($0) })
    }

    /// The same where the base was taken apart before.
    static func resolve(_ reference: String, against baseParts: AddressParts?) -> String? {
        if isNormal(reference) { return reference }
        guard var parts = AddressParts(reference) else { return nil }
        // "http:foo" against an http base is relative in every browser.
        if parts.isHierarchicalWeb, parts.authority == nil {
            if let baseParts, baseParts.scheme == parts.scheme {
                parts.scheme = nil
            } else {
                parts.adoptAuthorityFromPath()
            }
        }
        guard parts.scheme == nil else { return parts.normalised().text }
        guard let baseParts, let target = parts.resolved(against: baseParts) else { return nil }
        return target.normalised().text
    }

    /// `reference` made absolute if it leads to `http`, `https` or `mailto`, else `nil`.
    public static func safe(_ reference: String, base: String?) -> String? {
        absolute(reference, base: base, use: .link)
    }

    static func absolute(_ reference: String, base: String?, use: Use) -> String? {
        allowed(resolve(reference, base: base), use: use)
    }

    static func absolute(_ reference: String, against base: AddressParts?, use: Use) -> String? {
        allowed(resolve(reference, against: base), use: use)
    }

    private static func allowed(_ address: String?, use: Use) -> String? {
        guard let address else { return nil }
        if address.hasPrefix("http://") || address.hasPrefix("https://") {
            let rest = address.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
            guard let first = rest.first, !"/?#:@".utf8.contains(first) else { return nil }
            return address
        }
        return use == .link && address.hasPrefix("mailto:") && address.utf8.count > 7 ? address : nil
    }

    /// Whether `reference` is an absolute web address that resolving would leave as it is: a shortcut for nearly all.
    private static func isNormal(_ reference: String) -> Bool {
        CleanText.withBytes(of: reference) { bytes in
            guard bytes.count <= AddressParts.maximumBytes, bytes.starts(with: "http".utf8) else {
                return false
            }
            var index = bytes.count > 4 && bytes[4] == UInt8(ascii: "s") ? 5 : 4
            guard bytes[index...].starts(with: "://".utf8) else { return false }
            index += 3
            let hostStart = index
            while index < bytes.count, isHostByte(bytes[index]) { index += 1 }
            guard index > hostStart, index < bytes.count, bytes[index] == UInt8(ascii: "/") else {
                return false
            }
            var previous: UInt8 = 0
            while index < bytes.count {
                let byte = bytes[index]
                // A dot segment, written plainly or in code, or anything to be encoded or dropped.
                let isDot = byte == UInt8(ascii: ".") || byte == UInt8(ascii: "%")
                if previous == UInt8(ascii: "/"), isDot { return false }
                if byte <= 0x20 || byte >= 0x7F || #"\"<>`"#.utf8.contains(byte) { return false }
                previous = byte
                index += 1
            }
            return true
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}
