import struct FoundationEssentials.Data

/// A document's bytes as valid UTF-8, whatever they came in.
///
/// The encoding is, in this order: the byte order mark, the `charset` of the HTTP header, the XML declaration, UTF-8
/// (RFC 7303 §3), unless the bytes plainly say otherwise: a document is what it is, not what it says.
struct DocumentText {
    var bytes: [UInt8]
    /// What the bytes were read as.
    var encoding: String
    /// What was wrong with the encoding, for a person.
    var complaint: String?

    init(_ data: Data, contentType: String?) {
        let raw = [UInt8](data)
        if let (certain, skip) = Self.marked(raw) {
            let text = TextDecoder.decode(raw[skip...], as: certain)
            bytes = text.bytes
            encoding = certain.name
            complaint = text.hasErrors ? "some bytes are no \(certain.name) and were replaced" : nil
        } else {
            let choice = EncodingChoice(raw, labels: Self.labels(raw, contentType: contentType))
            bytes = choice.bytes
            encoding = choice.encoding.name
            complaint = choice.complaint
        }
        C1Characters.replace(in: &bytes)
    }

    /// The encoding that the first bytes prove, and how many of them are no text.
    private static func marked(_ raw: [UInt8]) -> (TextEncoding, skip: Int)? {
        for (mark, label) in marks where raw.starts(with: mark) {
            return EncodingLabels.encoding(of: label).map { ($0, mark.count) }
        }
        // Appendix F of XML 1.0: a document starts with "<".
        for (start, label) in starts where raw.starts(with: start) {
            return EncodingLabels.encoding(of: label).map { ($0, 0) }
        }
        if raw.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) {
            return (TextEncoding("cp037", iconv: "CP037", keepsASCII: false), 0)
        }
        return nil
    }

    private static let marks: [([UInt8], String)] = [
        ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE, 0, 0], "utf-32le"), ([0, 0, 0xFE, 0xFF], "utf-32be"),
        ([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be"),
    ]
    private static let starts: [([UInt8], String)] = [
        ([0x3C, 0, 0, 0], "utf-32le"), ([0, 0, 0, 0x3C], "utf-32be"), ([0x3C, 0], "utf-16le"), ([0, 0x3C], "utf-16be"),
        // JSON in the wide encodings has no mark (RFC 7159 §8.1), and starts with "{".
        ([0x7B, 0, 0, 0], "utf-32le"), ([0, 0, 0, 0x7B], "utf-32be"), ([0x7B, 0], "utf-16le"), ([0, 0x7B], "utf-16be"),
    ]

    /// The labels that the header and the XML declaration give, the header's first.
    private static func labels(_ raw: [UInt8], contentType: String?) -> [String] {
        let header = contentType.flatMap { parameter("charset", in: $0) }
        let head = raw.dropFirst(DocumentStart.find(in: raw)).prefix(1024).prefix { $0 != UInt8(ascii: ">") }
        let declaration = String(decoding: head, as: UTF8.self)
        let inside = declaration.contains("<?xml") ? parameter("encoding", in: declaration) : nil
        return [header, inside].compactMap(\.self)
    }

    /// The value of `name=value` in `text`, quotes removed.
    private static func parameter(_ name: String, in text: String) -> String? {
        guard let at = text.lowercased().range(of: name, in: text) else { return nil }
        let rest = text[at...].drop { $0.isWhitespace }
        guard rest.first == "=" else { return nil }
        let value = rest.dropFirst().drop { $0.isWhitespace || $0 == "\"" || $0 == "'" }
        let label = value.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) }
        return label.isEmpty ? nil : String(label)
    }
}

/// Reads the C1 controls, which no feed means, as the characters that windows-1252 has in their places.
enum C1Characters {
    static func replace(in bytes: inout [UInt8]) {
        guard var index = next(bytes, from: 0) else { return }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 64)
        var copied = 0
        while true {
            out.append(contentsOf: bytes[copied..<index])
            let scalar = CharacterReference.windows1252[Int(bytes[index + 1] - 0x80)]
            if scalar.value >= 0xA0 { out.append(contentsOf: String(scalar).utf8) }
            copied = index + 2
            guard let following = next(bytes, from: copied) else { break }
            index = following
        }
        out.append(contentsOf: bytes[copied...])
        bytes = out
    }

    private static func next(_ bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            var index = ByteSearch.next(0xC2, in: buffer, from: start)
            while index + 1 < buffer.count {
                if buffer[index + 1] < 0xA0 { return index }
                index = ByteSearch.next(0xC2, in: buffer, from: index + 1)
            }
            return nil
        }
    }
}

extension String {
    /// Where the text after the first `name` starts, as an index of `original` (of which this is the small-letter
    /// form); `nil` when `name` is absent or the two differ in length.
    fileprivate func range(of name: String, in original: String) -> String.Index? {
        let (small, wanted) = (Array(utf8), Array(name.utf8))
        guard small.count == original.utf8.count, small.count >= wanted.count else { return nil }
        for start in 0...(small.count - wanted.count)
        where small[start..<start + wanted.count].elementsEqual(wanted) {
            return original.utf8.index(original.utf8.startIndex, offsetBy: start + wanted.count)
        }
        return nil
    }
}
