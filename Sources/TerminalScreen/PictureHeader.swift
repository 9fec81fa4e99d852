/// What a picture's file says of itself in its first bytes.
public struct PictureHeader: Sendable, Hashable {
    /// The kinds whose size is known without decoding them.
    public enum Kind: Sendable, Hashable {
        case png, jpeg, gif, webp
    }

    /// What the file is.
    public var kind: Kind
    /// Pixels, 1 and up.
    public var width: Int
    /// Pixels, 1 and up.
    public var height: Int

    /// Reads a file; `nil` if it is none of ``Kind``, or says nothing sensible of its size.
    public init?(_ file: [UInt8]) {
        guard let (kind, width, height) = Self.png(file) ?? Self.gif(file) ?? Self.webp(file) ?? Self.jpeg(file),
            (1...32_768).contains(width), (1...32_768).contains(height)
        else { return nil }
        (self.kind, self.width, self.height) = (kind, width, height)
    }

    /// The cells that it takes in a room of cells, with its shape kept.
    ///
    /// - Parameter aspect: how many times as high as wide a cell is.
    public func cells(columns: Int, rows: Int, aspect: Double) -> (columns: Int, rows: Int) {
        let shape = Double(height) / Double(width) / max(0.1, aspect)
        // No picture is blown up beyond some eight pixels a column.
        let wide = min(Double(columns), max(1, Double(width) / 8))
        let across = min(wide, Double(rows) / shape)
        return (max(1, Int(across)), max(1, min(rows, Int((across * shape).rounded()))))
    }

    /// RFC 2083 §4.1.1.
    private static func png(_ file: [UInt8]) -> (Kind, Int, Int)? {
        guard file.count >= 24, file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
        return (.png, big(file[16..<20]), big(file[20..<24]))
    }

    /// GIF 89a §18.
    private static func gif(_ file: [UInt8]) -> (Kind, Int, Int)? {
        guard file.count >= 10, file.starts(with: "GIF8".utf8) else { return nil }
        return (.gif, little(file[6..<8]), little(file[8..<10]))
    }

    /// RFC 9649 §2.5 to §2.7.
    private static func webp(_ file: [UInt8]) -> (Kind, Int, Int)? {
        guard file.count >= 30, file.starts(with: "RIFF".utf8), file[8..<12].elementsEqual("WEBP".utf8) else {
            return nil
        }
        let chunk = String(decoding: file[12..<16], as: UTF8.self)
        switch chunk {
        case "VP8 ": return (.webp, little(file[26..<28]) & 0x3FFF, little(file[28..<30]) & 0x3FFF)
        case "VP8L":
            let bits = little(file[21..<25])
            return (.webp, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case "VP8X": return (.webp, little(file[24..<27]) + 1, little(file[27..<30]) + 1)
        default: return nil
        }
    }

    /// ITU-T T.81 §B.2.2: the frame header is behind other segments, each with its length.
    private static func jpeg(_ file: [UInt8]) -> (Kind, Int, Int)? {
        guard file.starts(with: [0xFF, 0xD8]) else { return nil }
        var at = 2
        while at + 9 < file.count, file[at] == 0xFF {
            let marker = file[at + 1]
            if marker == 0xFF {
                at += 1
                continue
            }
            let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
            if isFrame { return (.jpeg, big(file[at + 7..<at + 9]), big(file[at + 5..<at + 7])) }
            at += 2 + max(2, big(file[at + 2..<at + 4]))
        }
        return nil
    }

    private static func big(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
    private static func little(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
}
