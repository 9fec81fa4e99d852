/// A value of a message, still as it stands in its bytes: read as what it should be, or refused.
public struct JSONNode {
    let tape: JSONTape
    let index: Int

    @inline(__always)
    var token: JSONToken { tape.tokens[index] }

    /// Whether it is `null`.
    public var isNull: Bool { token.kind == .null }

    /// The string.
    ///
    /// - Throws: ``WireError`` if it is none, or if half of a surrogate pair is escaped alone in it.
    public func text() throws(WireError) -> String {
        let token = token
        switch token.kind {
        case .text: return tape.bytes.text(at: token.offset, length: token.extent)
        case .escapedText: return tape.bytes.unescapedText(at: token.offset, length: token.extent)
        default: throw mismatch("a string")
        }
    }

    /// `true` or `false`.
    ///
    /// - Throws: ``WireError`` if it is neither.
    public func bool() throws(WireError) -> Bool {
        switch token.kind {
        case .yes: return true
        case .no: return false
        default: throw mismatch("true or false")
        }
    }

    /// The integer; a number like `1.0` or `1e3` is one too.
    ///
    /// - Throws: ``WireError`` if it is none, or outside the type's range.
    @inline(__always)
    func integer<Number: FixedWidthInteger>(as type: Number.Type) throws(WireError) -> Number {
        guard let number = JSONNumber.integer(token, in: tape.bytes, as: type) else {
            throw mismatch("an integer from \(Number.min) to \(Number.max)")
        }
        return number
    }

    /// A number in hexadecimal digits, which make up all of the string: sixteen to a word.
    ///
    /// - Throws: ``WireError`` if it is not that.
    func hexadecimal(words: Int) throws(WireError) -> (high: UInt64, low: UInt64) {
        let token = token
        let bytes = tape.bytes
        guard token.kind == .text, token.extent == 16 * words else { return try spelledHexadecimal(words: words) }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in token.offset..<token.offset + token.extent {
            guard let digit = JSONHex.value(of: bytes[index]) else {
                throw WireError("expected \(16 * words) hexadecimal digits")
            }
            high = high << 4 | low >> 60
            low = low << 4 | UInt64(digit)
        }
        return (high, low)
    }

    /// The same where digits are escaped.
    private func spelledHexadecimal(words: Int) throws(WireError) -> (high: UInt64, low: UInt64) {
        let digits = try text().utf8.map { JSONHex.value(of: $0) }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for digit in digits {
            guard let digit, digits.count == 16 * words else {
                throw WireError("expected \(16 * words) hexadecimal digits")
            }
            high = high << 4 | low >> 60
            low = low << 4 | UInt64(digit)
        }
        guard !digits.isEmpty else { throw WireError("expected \(16 * words) hexadecimal digits") }
        return (high, low)
    }

    /// The elements of an array, one after the other.
    ///
    /// - Throws: ``WireError`` if it is no array.
    public func list() throws(WireError) -> JSONList {
        guard token.kind == .array else { throw mismatch("an array") }
        return JSONList(tape: tape, at: index + 1, end: token.extent)
    }

    /// The members of an object.
    ///
    /// - Throws: ``WireError`` if it is no object, or if a member's name is no text.
    public func members() throws(WireError) -> JSONMembers {
        guard token.kind == .object else { throw mismatch("an object") }
        return JSONMembers(tape: tape, first: index + 1, end: token.extent)
    }

    /// The error of another kind of value having been expected here.
    func mismatch(_ wanted: String) -> WireError {
        switch token.kind {
        case .brokenText: WireError("half of a surrogate pair is escaped alone")
        case .brokenObject: WireError("half of a surrogate pair is escaped alone in a member's name")
        case .null: WireError("expected \(wanted), found null")
        case .yes, .no: WireError("expected \(wanted), found true or false")
        case .integer, .fraction: WireError("expected \(wanted), found \(shownNumber)")
        case .text, .escapedText: WireError("expected \(wanted), found a string")
        case .array: WireError("expected \(wanted), found an array")
        case .object: WireError("expected \(wanted), found an object")
        }
    }

    private var shownNumber: String {
        let token = token
        let shown = tape.bytes.text(at: token.offset, length: min(token.extent, 40))
        return token.extent > 40 ? shown + "…" : shown
    }
}

/// The elements of an array, read one after the other.
public struct JSONList {
    private let tape: JSONTape
    private var at: Int
    private let end: Int
    private var index = 0

    @inline(__always)
    init(tape: JSONTape, at: Int, end: Int) {
        self.tape = tape
        self.at = at
        self.end = end
    }

    /// The next element; `nil` after the last.
    public mutating func next() -> JSONNode? {
        guard at < end else { return nil }
        defer {
            at = tape.next(after: at)
            index += 1
        }
        return JSONNode(tape: tape, index: at)
    }

    /// Reads the next element, which must be there.
    ///
    /// - Throws: ``WireError`` with the element's index if it is not readable.
    public mutating func read<Value: JSONReadable>(_ type: Value.Type = Value.self) throws(WireError) -> Value {
        let place = index
        guard let node = next() else { throw WireError(path: "[\(place)]", "the element is missing") }
        do throws(WireError) {
            return try Value(from: node)
        } catch {
            throw error.within(place)
        }
    }

    /// Whether all elements were read.
    public var isAtEnd: Bool { at >= end }
}
