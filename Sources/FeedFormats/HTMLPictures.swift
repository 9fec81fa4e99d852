/// The pictures of an article's text.
public enum HTMLPictures {
    /// Most pictures that are looked at in one text.
    public static let maximumCount = 100

    /// The addresses of the pictures in `html`, `http` and `https` alone, absolute, each once, in order. Tracking pixels
    /// are left out, as ``HTMLSanitizer`` does.
    ///
    /// - Complexity: linear.
    public static func addresses(in html: String, base: String?) -> [String] {
        guard mayHavePictures(html) else { return [] }
        return HTMLSanitizer.run(html, base: base, into: PictureSink()).addresses
    }

    /// Whether a tag begins with `im`. Most articles have none, and telling that takes no parsing.
    private static func mayHavePictures(_ html: String) -> Bool {
        var seen: UInt32 = 0
        for byte in html.utf8 {
            seen = (seen << 8 | UInt32(byte | 0x20)) & 0xFF_FFFF
            // A `<` has that bit set as it is.
            if seen == 0x3C_69_6D { return true }
        }
        return false
    }
}

/// Keeps the addresses of pictures.
private struct PictureSink: HTMLSink {
    private(set) var addresses: [String] = []
    private var known: Set<String> = []

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        guard element == .img, addresses.count < HTMLPictures.maximumCount, let address = attributes[.src],
            known.insert(address).inserted
        else { return }
        addresses.append(address)
    }

    mutating func close(_ element: HTMLElement) {}

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
