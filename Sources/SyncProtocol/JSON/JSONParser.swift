/// Finds the tokens of a message in one pass, and refuses whatever is not JSON: RFC 8259 without any leniency, in
/// UTF-8 without a byte order mark. Neither recursion nor time beyond the length of the message.
struct JSONParser {
    /// Most arrays and objects within one another.
    static let maximumDepth = 512

    private let bytes: JSONBytes
    private var at = 0
    private var found: [JSONToken] = []
    /// The arrays and objects that have not ended, as indexes of tokens.
    private var open: [Int] = []

    init(_ bytes: JSONBytes) {
        self.bytes = bytes
    }

    /// The tokens; at least one.
    mutating func tokens() throws(WireError) -> [JSONToken] {
        guard bytes.count < JSONToken.maximumBytes else {
            throw WireError("not JSON: longer than \(JSONToken.maximumBytes - 1) bytes")
        }
        // Messages of this protocol have a token every eight to sixteen bytes.
        found.reserveCapacity(bytes.count / 12 + 8)
        skipBlanks()
        repeat { try value() } while try another()
        return found
    }

    private func failure(_ what: String) -> WireError {
        WireError("not JSON: \(what) at byte \(at)")
    }

    private func unexpected(_ wanted: String) -> WireError {
        guard at < bytes.count else { return failure("it ends where \(wanted) should follow,") }
        return failure("\(wanted) should stand")
    }

    @inline(__always)
    private mutating func skipBlanks() {
        while bytes[at] <= 0x20 {
            switch bytes[at] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): at += 1
            default: return
            }
        }
    }

    /// Reads a value; of an array or object as much as stands before the next value.
    @inline(__always)
    private mutating func value() throws(WireError) {
        while true {
            switch bytes[at] {
            case UInt8(ascii: "\""): return try string()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
            case UInt8(ascii: "{"):
                try begin(.object)
                if bytes[at] == UInt8(ascii: "}") { return end() }
                try name()
            case UInt8(ascii: "["):
                try begin(.array)
                if bytes[at] == UInt8(ascii: "]") { return end() }
            case UInt8(ascii: "t"): return try word("true", .yes)
            case UInt8(ascii: "f"): return try word("false", .no)
            case UInt8(ascii: "n"): return try word("null", .null)
            default: throw unexpected("a value")
            }
        }
    }

    /// Ends what ends after a value.
    ///
    /// - Returns: whether another value follows.
    @inline(__always)
    private mutating func another() throws(WireError) -> Bool {
        while true {
            skipBlanks()
            guard let container = open.last else {
                guard at == bytes.count else { throw failure("something follows the message") }
                return false
            }
            let isArray = found[container].kind == .array
            switch bytes[at] {
            case UInt8(ascii: ","):
                at += 1
                skipBlanks()
                if !isArray { try name() }
                return true
            case UInt8(ascii: "]") where isArray, UInt8(ascii: "}") where !isArray: end()
            default: throw unexpected(isArray ? "',' or ']'" : "',' or '}'")
            }
        }
    }

    @inline(__always)
    private mutating func begin(_ kind: JSONKind) throws(WireError) {
        guard open.count < Self.maximumDepth else { throw failure("more than \(Self.maximumDepth) levels") }
        open.append(found.count)
        found.append(JSONToken(kind, offset: at, extent: 0))
        at += 1
        skipBlanks()
    }

    /// Ends the innermost array or object.
    @inline(__always)
    private mutating func end() {
        at += 1
        guard let container = open.popLast() else { return }
        let token = found[container]
        found[container] = JSONToken(token.kind, offset: token.offset, extent: found.count)
    }

    @inline(__always)
    private mutating func name() throws(WireError) {
        guard bytes[at] == UInt8(ascii: "\"") else { throw unexpected("a member's name") }
        let index = found.count
        try string()
        if found[index].kind == .brokenText, let object = open.last {
            found[object] = JSONToken(.brokenObject, offset: found[object].offset, extent: 0)
        }
        skipBlanks()
        guard bytes[at] == UInt8(ascii: ":") else { throw unexpected("':'") }
        at += 1
        skipBlanks()
    }

    @inline(__always)
    private mutating func word(_ word: StaticString, _ kind: JSONKind) throws(WireError) {
        guard bytes.match(word, at: at) else { throw unexpected("'\(word)'") }
        let length = word.utf8CodeUnitCount
        found.append(JSONToken(kind, offset: at, extent: length))
        at += length
    }

    /// Reads a string, mark to mark.
    @inline(__always)
    private mutating func string() throws(WireError) {
        let start = at + 1
        at = start
        var kind = JSONKind.text
        while true {
            at = bytes.endOfPlainText(from: at)
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                guard let escape = JSONEscape.measure(in: bytes, at: at) else { throw failure("no escape stands") }
                if kind != .brokenText { kind = escape.isBroken ? .brokenText : .escapedText }
                at += escape.size
            } else if byte >= 0x80 {
                try beyondASCII()
            } else {
                throw failure(at < bytes.count ? "an unescaped control character" : "it ends within a string,")
            }
        }
        found.append(JSONToken(kind, offset: start, extent: at - start))
        at += 1
    }

    /// Steps over characters beyond ASCII: shortest forms of scalars only (RFC 3629 §4).
    private mutating func beyondASCII() throws(WireError) {
        while bytes[at] >= 0x80 {
            let size = UTF8Length.ofScalar(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
            guard size > 0 else { throw WireError("not UTF-8 at byte \(at)") }
            at += size
        }
    }

    @inline(__always)
    private mutating func digits() throws(WireError) {
        let start = at
        while bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        if at == start { throw unexpected("a digit") }
    }

    /// Reads a number (RFC 8259 §6).
    @inline(__always)
    private mutating func number() throws(WireError) {
        let start = at
        var kind = JSONKind.integer
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        if bytes[at] == UInt8(ascii: "0") { at += 1 } else { try digits() }
        if bytes[at] == UInt8(ascii: ".") {
            kind = .fraction
            at += 1
            try digits()
        }
        if bytes[at] | 0x20 == UInt8(ascii: "e") {
            kind = .fraction
            at += 1
            if bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        found.append(JSONToken(kind, offset: start, extent: at - start))
    }
}

/// How many bytes a character of UTF-8 has.
enum UTF8Length {
    /// The length of the character that begins with these bytes; zero if none does (RFC 3629 §4).
    static func ofScalar(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> Int {
        func follows(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF: return follows(second) ? 2 : 0
        case 0xE0...0xEF:
            let lowest: UInt8 = first == 0xE0 ? 0xA0 : 0x80
            let highest: UInt8 = first == 0xED ? 0x9F : 0xBF
            return second >= lowest && second <= highest && follows(third) ? 3 : 0
        case 0xF0...0xF4:
            let lowest: UInt8 = first == 0xF0 ? 0x90 : 0x80
            let highest: UInt8 = first == 0xF4 ? 0x8F : 0xBF
            return second >= lowest && second <= highest && follows(third) && follows(fourth) ? 4 : 0
        default: return 0
        }
    }
}
