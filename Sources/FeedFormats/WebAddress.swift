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
        guard var parts = AddressParts(reference) else { return nil }
        // "http:foo" against an http base is relative in every browser.
        let baseParts = base.flatMap { AddressParts($0) }
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
        guard let address = resolve(reference, base: base) else { return nil }
        if address.hasPrefix("http://") || address.hasPrefix("https://") {
            let rest = address.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
            guard let first = rest.first, !"/?#:@".utf8.contains(first) else { return nil }
            return address
        }
        return use == .link && address.hasPrefix("mailto:") && address.utf8.count > 7 ? address : nil
    }
}
