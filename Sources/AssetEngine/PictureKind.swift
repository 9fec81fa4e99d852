/// The kinds of pictures that are kept, told by the bytes they begin with and never by what a server calls them.
///
/// SVG is refused: it is a document that may hold scripts and fetch other things, and no terminal shows it.
public enum PictureKind: String, Sendable, Hashable, CaseIterable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"
    case avif = "image/avif"

    /// Bytes that are needed to tell.
    public static let headBytes = 32

    /// The kind of what begins with `head`; `nil` if it is none of them.
    ///
    /// Signatures: PNG (RFC 2083 §3.1), JPEG (ITU-T T.81 Annex B), GIF 87a and 89a, WebP (RIFF container), AVIF (an
    /// ISO BMFF file whose brands name it; AV1 Image File Format §2).
    public init?(head: [UInt8]) {
        func has(_ text: StaticString, at index: Int) -> Bool {
            let end = index + text.utf8CodeUnitCount
            guard head.count >= end else { return false }
            return text.withUTF8Buffer { head[index..<end].elementsEqual($0) }
        }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has("GIF87a", at: 0) || has("GIF89a", at: 0) {
            self = .gif
        } else if has("RIFF", at: 0), has("WEBP", at: 8) {
            self = .webp
        } else if has("ftyp", at: 4),
            Self.avifBrands.contains(where: { brand in
                stride(from: 8, to: Self.headBytes, by: 4).contains { $0 != 12 && has(brand, at: $0) }
            })
        {
            self = .avif
        } else {
            return nil
        }
    }

    private static let avifBrands: [StaticString] = ["avif", "avis"]
}
