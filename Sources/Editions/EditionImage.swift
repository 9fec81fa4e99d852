/// A picture that goes into an edition.
struct EditionImage {
    /// What the bytes are, whatever their server said.
    var kind: Kind
    var bytes: [UInt8]

    /// The formats that every reading system shows (EPUB 3.3 §3.2). SVG is left out: it may hold scripts and addresses.
    enum Kind: String {
        case gif, jpeg, png, webp

        var mediaType: String { "image/\(rawValue)" }
        var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
    }

    /// The picture, if the bytes are one by their first and, where the format has an end, their last bytes: one that
    /// was cut short shows as a hole, and fails the checkers.
    init?(_ bytes: [UInt8]) {
        func begins(_ text: StaticString, at place: Int) -> Bool {
            let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            return bytes.count >= place + wanted.count && bytes[place...].starts(with: wanted)
        }
        func ends(_ wanted: [UInt8], within count: Int = 0) -> Bool {
            bytes.count > 16 + wanted.count
                && (0...count).contains { bytes.dropLast($0).suffix(wanted.count).elementsEqual(wanted) }
        }
        let kind: Kind? =
            if begins("GIF87a", at: 0) || begins("GIF89a", at: 0) {
                ends([0x3B], within: 16) ? .gif : nil
            } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
                // Cameras and servers put a few bytes behind the end.
                ends([0xFF, 0xD9], within: 64) ? .jpeg : nil
            } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), begins("IHDR", at: 12) {
                ends([0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], within: 16) ? .png : nil
            } else if begins("RIFF", at: 0), begins("WEBP", at: 8), bytes.count >= 20 {
                Self.length(bytes) <= bytes.count ? .webp : nil
            } else {
                nil
            }
        guard let kind else { return nil }
        self.kind = kind
        self.bytes = bytes
    }

    /// The length that a RIFF file says of itself.
    private static func length(_ bytes: [UInt8]) -> Int {
        8 + bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
