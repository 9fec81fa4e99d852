public import SyncCore

/// Writes messages: no blanks, no escape that is not needed, members in the order of their names' bytes; so equal
/// messages are equal bytes, in every process and version. Digests are taken over them: what is written may not change.
public struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Why what was written is no message.
    private(set) var failure: WireError?
    /// The unnamed members of the innermost object that has any, as far as they still have to be written; the last of
    /// them is written first.
    private var rest: [(name: String, value: JSONValue)] = []
    /// How deep that object stands, and how deep what is written now.
    private var restLevel = -1
    private var level = 0

    /// Starts a text.
    public init() {}

    /// The text; what was written is UTF-8.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A comma, unless an array or object begins here. No value ends with an opening bracket.
    @inline(__always)
    private mutating func separate() {
        switch bytes.last {
        case UInt8(ascii: "{"), UInt8(ascii: "["), nil: return
        default: bytes.append(UInt8(ascii: ","))
        }
    }

    /// Writes an object; `write` names its members in the order of their names' bytes.
    @inline(__always)
    public mutating func object(_ write: (inout JSONWriter) -> Void) {
        open()
        write(&self)
        close()
    }

    /// Writes an object with members that this version has no names for, each where it belongs in the order. Of two
    /// members of one name the one that `write` names stands.
    @inline(__always)
    public mutating func object(_ extra: [String: JSONValue], _ write: (inout JSONWriter) -> Void) {
        if extra.isEmpty { return object(write) }
        let outer = (rest, restLevel)
        open()
        rest = extra.sorted { $1.key.utf8.lexicographicallyPrecedes($0.key.utf8) }.map { ($0.key, $0.value) }
        restLevel = level
        write(&self)
        while !rest.isEmpty { writeRest() }
        close()
        (rest, restLevel) = outer
    }

    private mutating func open() {
        bytes.append(UInt8(ascii: "{"))
        level += 1
    }

    private mutating func close() {
        bytes.append(UInt8(ascii: "}"))
        level -= 1
    }

    /// Writes an array; `write` calls ``element(_:)`` for each.
    public mutating func list(_ write: (inout JSONWriter) -> Void) {
        bytes.append(UInt8(ascii: "["))
        write(&self)
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes an element of an array.
    @inline(__always)
    public mutating func element(_ value: some JSONWritable) {
        separate()
        value.write(to: &self)
    }

    /// Writes a member. Its name needs no escapes.
    @inline(__always)
    public mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        begin(name)
        value.write(to: &self)
    }

    /// Writes a member if there is a value.
    @inline(__always)
    public mutating func member(_ name: StaticString, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    /// Writes a member that is an object.
    @inline(__always)
    public mutating func member(_ name: StaticString, object write: (inout JSONWriter) -> Void) {
        begin(name)
        object(write)
    }

    private mutating func begin(_ name: StaticString) {
        if restLevel == level { writeRest(before: name) }
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func writeRest(before name: StaticString) {
        let name = name.description
        while let next = rest.last, !name.utf8.lexicographicallyPrecedes(next.name.utf8) {
            if next.name.utf8.elementsEqual(name.utf8) { rest.removeLast() } else { writeRest() }
        }
    }

    /// Writes the next of the unnamed members.
    private mutating func writeRest() {
        guard let (name, value) = rest.popLast() else { return }
        member(of: name, value)
    }

    @inline(__always)
    private mutating func member(of name: String, _ value: some JSONWritable) {
        separate()
        text(name)
        bytes.append(UInt8(ascii: ":"))
        value.write(to: &self)
    }

    /// Writes an object of members whose names are only known now.
    mutating func dictionary(_ members: [String: some JSONWritable]) {
        open()
        for (name, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            member(of: name, value)
        }
        close()
    }
}

// Scalars.
extension JSONWriter {
    /// Writes `null`.
    mutating func null() { bytes.append(contentsOf: "null".utf8) }

    /// Writes `true` or `false`.
    public mutating func bool(_ flag: Bool) { bytes.append(contentsOf: (flag ? "true" : "false").utf8) }

    /// Writes an integer.
    public mutating func integer(_ number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        unsigned(number.magnitude)
    }

    /// Writes an integer.
    public mutating func unsigned(_ number: UInt64) {
        let start = bytes.count
        var left = number
        repeat {
            let (quotient, digit) = left.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
            left = quotient
        } while left != 0
        // The last digit came first.
        var (low, high) = (start, bytes.count - 1)
        while low < high {
            bytes.swapAt(low, high)
            (low, high) = (low + 1, high - 1)
        }
    }

    /// Writes a binary64 number in as few digits as name it alone; a whole one without point.
    mutating func fraction(_ number: Double) {
        guard number.isFinite else {
            failure = failure ?? WireError("\(number) is no number of JSON")
            return null()
        }
        var digits = number.description[...]
        if digits.hasSuffix(".0") { digits = digits.dropLast(2) }
        bytes.append(contentsOf: digits.utf8)
    }

    /// Writes a string of sixteen hexadecimal digits for each word.
    mutating func hexadecimal(_ words: UInt64...) {
        bytes.append(UInt8(ascii: "\""))
        for word in words {
            for place in 0..<16 {
                bytes.append(JSONHex.digit(of: UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(place))) & 15))
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a string between its marks (RFC 8259 §7).
    public mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            while start < utf8.count {
                let end = JSONMarks.endOfUnescaped(utf8, from: start)
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<end]))
                guard end < utf8.count else { break }
                escape(utf8[end])
                start = end + 1
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(JSONHex.digit(of: byte >> 4))
            bytes.append(JSONHex.digit(of: byte & 15))
        }
    }
}
