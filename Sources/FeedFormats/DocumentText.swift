#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif
import struct FoundationEssentials.Data

/// A document's bytes as valid UTF-8, whatever they came in.
///
/// The encoding is, in this order: the byte order mark, the `charset` of the HTTP header, the XML declaration, UTF-8
/// (RFC 7303 §3). Only encodings of the Encoding Standard are looked up, so that a hostile label never names a module
/// that iconv would load.
struct DocumentText {
    var bytes: [UInt8]
    /// What was wrong with the encoding, for a person.
    var complaint: String?

    init(_ data: Data, contentType: String?) {
        let raw = [UInt8](data)
        let (label, skip) = Self.declared(raw, contentType: contentType)
        let body = raw[skip...]
        guard let label else {
            (bytes, complaint) = Self.repairedUTF8(body)
            return
        }
        guard let name = EncodingLabels.iconvName(of: label) else {
            (bytes, complaint) = Self.repairedUTF8(body)
            complaint = "the encoding \(CleanText.line(String(label.prefix(40)))) is unknown; read as UTF-8"
            return
        }
        if name == "UTF-8" {
            (bytes, complaint) = Self.repairedUTF8(body)
        } else {
            (bytes, complaint) = Self.converted(body, from: name)
        }
    }

    private static func declared(_ raw: [UInt8], contentType: String?) -> (label: String?, skip: Int) {
        if raw.starts(with: [0xEF, 0xBB, 0xBF]) { return ("utf-8", 3) }
        if raw.starts(with: [0xFF, 0xFE, 0, 0]) { return ("utf-32le", 4) }
        if raw.starts(with: [0, 0, 0xFE, 0xFF]) { return ("utf-32be", 4) }
        if raw.starts(with: [0xFF, 0xFE]) { return ("utf-16le", 2) }
        if raw.starts(with: [0xFE, 0xFF]) { return ("utf-16be", 2) }
        // Appendix F of XML 1.0: a document starts with "<".
        if raw.starts(with: [0x3C, 0, 0, 0]) { return ("utf-32le", 0) }
        if raw.starts(with: [0, 0, 0, 0x3C]) { return ("utf-32be", 0) }
        if raw.starts(with: [0x3C, 0]) { return ("utf-16le", 0) }
        if raw.starts(with: [0, 0x3C]) { return ("utf-16be", 0) }
        let header = contentType.flatMap { parameter("charset", in: $0) }
        let declaration = String(decoding: raw.prefix(256), as: UTF8.self)
        let inside = declaration.contains("<?xml") ? parameter("encoding", in: declaration) : nil
        // A document whose bytes are read as ASCII so far cannot be in one of the wide encodings.
        let label = [header, inside].compactMap { $0?.lowercased() }.first {
            !$0.hasPrefix("utf-16") && !$0.hasPrefix("utf-32")
        }
        return (label, 0)
    }

    /// The value of `name=value` in `text`, quotes removed.
    private static func parameter(_ name: String, in text: String) -> String? {
        guard let at = text.lowercased().range(of: name, in: text) else { return nil }
        let rest = text[at...].drop { $0 == " " }
        guard rest.first == "=" else { return nil }
        let value = rest.dropFirst().drop { $0 == " " || $0 == "\"" || $0 == "'" }
        let label = value.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) }
        return label.isEmpty ? nil : String(label)
    }

    private static func repairedUTF8(_ body: ArraySlice<UInt8>) -> ([UInt8], String?) {
        if String(validating: body, as: UTF8.self) != nil { return (Array(body), nil) }
        return (
            Array(String(decoding: body, as: UTF8.self).utf8), "some bytes are no UTF-8 and were replaced"
        )
    }

    /// Converts with iconv; a byte that means nothing becomes U+FFFD.
    private static func converted(_ body: ArraySlice<UInt8>, from name: String) -> ([UInt8], String?) {
        let descriptor = iconv_open("UTF-8", name)
        guard descriptor != iconv_t(bitPattern: -1) else {
            let repaired = repairedUTF8(body)
            return (repaired.0, "the encoding \(name) is not available here; read as UTF-8")
        }
        defer { iconv_close(descriptor) }
        var input = Array(body)
        var out: [UInt8] = []
        out.reserveCapacity(input.count + input.count / 2)
        var chunk = [CChar](repeating: 0, count: 64 << 10)
        var replaced = false
        input.withUnsafeMutableBytes { raw in
            var from = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = raw.count
            while left > 0 {
                chunk.withUnsafeMutableBufferPointer { buffer in
                    var to = buffer.baseAddress
                    var room = buffer.count
                    let result = iconv(descriptor, &from, &left, &to, &room)
                    let failure = errno
                    let filled = UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(buffer)[..<(buffer.count - room)])
                    out.append(contentsOf: filled)
                    guard result == -1, failure != E2BIG, left > 0 else { return }
                    replaced = true
                    out.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    from = from?.advanced(by: 1)
                    left -= 1
                }
            }
        }
        return (out, replaced ? "some bytes are no \(name) and were replaced" : nil)
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
