#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Converts bytes to UTF-8; a byte that means nothing becomes U+FFFD.
enum TextDecoder {
    /// - Parameter stopsAtError: Whether the first error ends the work, for those who only want to know of it.
    static func decode(
        _ body: ArraySlice<UInt8>, as encoding: TextEncoding, stopsAtError: Bool = false
    ) -> (bytes: [UInt8], hasErrors: Bool) {
        guard encoding != .utf8 else {
            if String(validating: body, as: UTF8.self) != nil { return (Array(body), false) }
            return (Array(String(decoding: body, as: UTF8.self).utf8), true)
        }
        // windows-1252 leaves five bytes open, and half of all documents in doubt are in it.
        if encoding == .windows1252 { return windows1252(body) }
        return converted(body, from: encoding.iconvName, stopsAtError: stopsAtError) ?? (
            Array(String(decoding: body, as: UTF8.self).utf8), true
        )
    }

    private static func windows1252(_ body: ArraySlice<UInt8>) -> (bytes: [UInt8], hasErrors: Bool) {
        var out: [UInt8] = []
        out.reserveCapacity(body.count + body.count / 8)
        var hasErrors = false
        for byte in body {
            switch byte {
            case ..<0x80: out.append(byte)
            case 0xA0...:
                out.append(0xC0 | byte >> 6)
                out.append(0x80 | byte & 0x3F)
            default:
                let scalar = CharacterReference.windows1252[Int(byte - 0x80)]
                hasErrors = hasErrors || scalar == "\u{FFFD}"
                out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return (out, hasErrors)
    }

    /// `nil` when iconv does not have the encoding.
    private static func converted(
        _ body: ArraySlice<UInt8>, from name: String, stopsAtError: Bool
    ) -> (bytes: [UInt8], hasErrors: Bool)? {
        let descriptor = iconv_open("UTF-8", name)
        guard descriptor != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(descriptor) }
        var input = Array(body)
        var out: [UInt8] = []
        out.reserveCapacity(input.count + input.count / 2)
        var chunk = [CChar](repeating: 0, count: 64 << 10)
        var hasErrors = false
        input.withUnsafeMutableBytes { raw in
            var from = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = raw.count
            while left > 0, !(hasErrors && stopsAtError) {
                chunk.withUnsafeMutableBufferPointer { buffer in
                    var to = buffer.baseAddress
                    var room = buffer.count
                    let result = iconv(descriptor, &from, &left, &to, &room)
                    let failure = errno
                    out.append(
                        contentsOf: UnsafeRawBufferPointer(
                            rebasing: UnsafeRawBufferPointer(buffer)[..<(buffer.count - room)]))
                    guard result == -1, failure != E2BIG, left > 0 else { return }
                    hasErrors = true
                    out.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    from = from?.advanced(by: 1)
                    left -= 1
                }
            }
        }
        return (out, hasErrors)
    }
}
