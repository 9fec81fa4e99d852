import SyncPorts

/// The header section of an answer, built line by line.
struct ResponseHead {
    /// 0 until a status line was read.
    private(set) var status = 0
    private(set) var fields: [HTTPHeader] = []
    /// Whether the final answer's header section is complete; what comes later are trailers.
    private(set) var isComplete = false

    /// Takes one line, its line end included. Interim answers (1xx) are forgotten when the next one starts.
    mutating func take(_ line: UnsafeRawBufferPointer) {
        guard !isComplete else { return }
        let text = line.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if text.isEmpty {
            isComplete = status >= 200
        } else if text.starts(with: "HTTP/".utf8) {
            fields = []
            status = Self.statusCode(of: text)
        } else if let first = text.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
            // Folded lines (RFC 9112 §5.2): obsolete, still sent.
            guard !fields.isEmpty else { return }
            fields[fields.count - 1].value += " " + Self.trimmed(text)
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            fields.append(HTTPHeader(Self.trimmed(text[..<colon]), Self.trimmed(text[(colon + 1)...])))
        }
    }

    /// The first value of a field given in lower case.
    func value(_ name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }

    /// Where a redirect leads, when this is one to follow (RFC 9110 §15.4).
    var redirectTarget: String? {
        guard [301, 302, 303, 307, 308].contains(status), let target = value("location") else { return nil }
        return target.isEmpty ? nil : target
    }

    /// What the answer says its body's length is, compressed as it may be.
    var contentLength: Int? { value("content-length").flatMap { Int($0) } }

    private static func statusCode(of line: Slice<UnsafeRawBufferPointer>) -> Int {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard words.count >= 2, let code = Int(String(decoding: words[1], as: UTF8.self)) else { return 0 }
        return (100...599).contains(code) ? code : 0
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let start = bytes.drop(while: isBlank)
        let kept = start.lastIndex { !isBlank($0) }.map { start[...$0] } ?? start.prefix(0)
        return String(decoding: kept, as: UTF8.self)
    }
}
