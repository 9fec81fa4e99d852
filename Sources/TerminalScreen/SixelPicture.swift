/// A picture as a terminal takes it that knows sixels (DEC STD 070 §9; "VT330/VT340 Programmer Reference", ch. 14): one
/// device control string, which was looked through byte by byte.
///
/// Who makes it is a decoder of hostile files, so it is believed in nothing: no other sequence can hide in it, and it paints
/// nothing outside of the size that was asked for.
public struct SixelPicture: Sendable, Hashable {
    /// Rows of pixels that are drawn together.
    static let band = 6

    /// The whole string, from `ESC P` to `ESC \`.
    public let text: String

    /// Looks through what a program made.
    ///
    /// - Returns: `nil` if it is anything but one picture of that size.
    /// - Complexity: O(n) in the bytes.
    public init?(_ bytes: [UInt8], size: PixelSize) {
        guard let start = Self.introduced(bytes), bytes.suffix(2).elementsEqual("\u{1B}\\".utf8) else { return nil }
        // Square pixels, and the size at the beginning: without it, what the picture is high depends on the terminal.
        let raster = "\"1;1;\(size.width);\(size.height)".utf8
        var body = bytes[start..<bytes.count - 2]
        guard body.starts(with: raster), body.dropFirst(raster.count).first.map({ !Self.isParameter($0) }) ?? false
        else { return nil }
        body = body.dropFirst(raster.count)
        guard Self.stays(body, within: size) else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// What shows it at a place. Sixels scroll the screen where they reach its last row, so a picture ends above that.
    public func show(at place: Grid.Place) -> String { PictureProtocol.move(to: place) + text + "\u{1B}8" }

    /// Where the data begins behind `ESC P`, some numbers and `q`.
    private static func introduced(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 6, bytes.starts(with: "\u{1B}P".utf8),
            let end = bytes.prefix(24).dropFirst(2).firstIndex(where: { !isParameter($0) }),
            bytes[end] == UInt8(ascii: "q")
        else { return nil }
        return end + 1
    }

    private static func isParameter(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: ";")
    }

    /// Follows the pen.
    private static func stays(_ data: ArraySlice<UInt8>, within size: PixelSize) -> Bool {
        var (column, row, times, isColour) = (0, 0, 1, false)
        var at = data.startIndex
        while at < data.endIndex {
            let byte = data[at]
            at += 1
            switch byte {
            case 0x3F...0x7E:
                column += times
                // A blank one paints nothing, but some terminals make room for it.
                guard column <= size.width, row < size.height else { return false }
                (times, isColour) = (1, false)
            case UInt8(ascii: "!"):
                (times, isColour) = (0, false)
                while at < data.endIndex, (0x30...0x39).contains(data[at]), times <= size.width {
                    times = times * 10 + Int(data[at] - 0x30)
                    at += 1
                }
                guard times > 0, at < data.endIndex, (0x3F...0x7E).contains(data[at]) else { return false }
            case UInt8(ascii: "$"): (column, isColour) = (0, false)
            case UInt8(ascii: "-"): (column, row, isColour) = (0, row + band, false)
            case UInt8(ascii: "#"): isColour = true
            case _ where isColour && isParameter(byte): break
            default: return false
            }
            guard row < size.height + band else { return false }
        }
        return true
    }
}
