import SyncCore

/// A 64-bit hash of a URL's normal form (``ArticleGUID``): a small index finds the article of a URL that differs in
/// scheme or tracking parameters. Whoever looks up compares the URLs themselves as well.
enum URLKey {
    /// The key; FNV-1a, which is enough where a clash only costs a comparison.
    static func key(of url: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in plainNormalForm(url) ?? Array(ArticleGUID.normalised(url).utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }

    /// The normal form of a URL that has nothing to be normalised but its scheme: nearly all that publishers write,
    /// and ten times faster than the general way.
    private static func plainNormalForm(_ url: String) -> [UInt8]? {
        var bytes = Array(url.utf8)
        let scheme = Array("https:".utf8)
        guard bytes.starts(with: scheme) else { return nil }
        bytes.removeFirst(scheme.count)
        guard bytes.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) else { return nil }
        guard let slash = bytes.dropFirst(2).firstIndex(of: UInt8(ascii: "/")) else { return nil }
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0...0x20, 0x7F...0xFF, UInt8(ascii: "?"), UInt8(ascii: "#"): return nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: ":"): if index < slash { return nil }
            default: continue
            }
        }
        return bytes
    }
}
