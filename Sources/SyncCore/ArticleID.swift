/// The identity of an article: 128 bits of SHA-256 over its publication and its normalised guid (DESIGN.md §2).
/// Neither the feed's URL nor its title is part of it, so an article that appears in several feeds of its
/// publisher is one article, and a corrected one keeps its reading state.
public struct ArticleID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 128 bits.
    public let digest: Digest128

    /// Makes an identity from its bits.
    public init(digest: Digest128) {
        self.digest = digest
    }

    /// The identity of the article that `publication` calls `guid`.
    ///
    /// - Parameters:
    ///   - publication: the publication's id, compared byte for byte.
    ///   - guid: what the publisher calls the article; normalised by ``ArticleGUID``.
    public init(publication: String, guid: String) {
        let normalised = ArticleGUID.normalised(guid)
        self.digest = Digest128(hashing: Array(publication.utf8) + [0] + Array(normalised.utf8))
    }

    /// Makes an identity from 32 hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard let digest = Digest128(text) else { return nil }
        self.digest = digest
    }

    /// 32 lower-case hexadecimal digits; any unique prefix names the article to a person.
    public var description: String { digest.description }

    /// Orders identities by their bytes.
    public static func < (left: ArticleID, right: ArticleID) -> Bool { left.digest < right.digest }
}

/// The normal form of a guid, so that a publisher's move to https or a tracking parameter makes no duplicate.
public enum ArticleGUID {
    /// Query parameters that say who sent the visitor, not what the page is.
    static let trackingNames: Set<String> = [
        "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid",
        "ref_src", "cmpid", "wt_mc", "wt_zmc", "spm", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "oly_anon_id",
        "oly_enc_id",
    ]

    /// `guid` without surrounding blanks; if it is an http(s) URL also without scheme, default port, fragment
    /// and tracking parameters, with the host in lower case. Idempotent.
    public static func normalised(_ guid: String) -> String { plain(guid) ?? general(guid) }

    /// The normal form of what has nothing to be normalised but a scheme, as nearly everything that publishers write: it is
    /// asked for several times for each entry of a feed. `nil` where more may have to be done.
    private static func plain(_ guid: String) -> String? {
        var guid = guid
        return guid.withUTF8 { bytes in
            // No blank to be trimmed, no letter outside ASCII to be made small.
            guard let first = bytes.first, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
            let scheme = [StaticString("https://"), "http://", "//"].first { scheme in
                bytes.starts(with: UnsafeBufferPointer(start: scheme.utf8Start, count: scheme.utf8CodeUnitCount))
            }
            guard let scheme else {
                // Schemes begin so, in whatever letters.
                let mayBeAddress = first | 0x20 == UInt8(ascii: "h") || first == UInt8(ascii: "/")
                return mayBeAddress ? nil : String(decoding: bytes, as: UTF8.self)
            }
            let rest = bytes[(scheme.utf8CodeUnitCount - 2)...]
            let host = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
            guard !host.contains(where: { $0 == UInt8(ascii: ":") || $0 &- UInt8(ascii: "A") < 26 }),
                !rest.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") })
            else { return nil }
            let text = String(decoding: rest, as: UTF8.self)
            return host.endIndex == rest.endIndex ? text + "/" : text
        }
    }

    static func general(_ guid: String) -> String {
        let trimmed = guid.trimmingBlanks
        let lower = trimmed.lowercased()
        let scheme = ["https://", "http://", "//"].first { lower.hasPrefix($0) }
        guard let scheme else { return trimmed }
        var rest = trimmed.dropFirst(scheme.count)
        if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        let hostEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var host = rest[..<hostEnd].lowercased()
        for port in [":80", ":443"] where host.hasSuffix(port) { host.removeLast(port.count) }
        let tail = rest[hostEnd...]
        let pathEnd = tail.firstIndex(of: "?") ?? tail.endIndex
        let path = pathEnd == tail.startIndex ? "/" : String(tail[..<pathEnd])
        let kept = tail[pathEnd...].dropFirst().split(separator: "&").filter { !isTracking($0) }
        return "//" + host + path + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    private static func isTracking(_ parameter: Substring) -> Bool {
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return name.hasPrefix("utm_") || trackingNames.contains(name)
    }
}

extension String {
    /// The text without blanks and line ends at either side.
    var trimmingBlanks: String {
        let blank: (Character) -> Bool = { $0.isWhitespace }
        let start = drop(while: blank)
        guard let end = start.lastIndex(where: { !blank($0) }) else { return "" }
        return String(start[...end])
    }
}
