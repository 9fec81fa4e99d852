import SyncCore

/// Writes JSON (RFC 8259) with sorted members and without blanks, so that equal values are equal bytes. Characters
/// that a terminal might obey are escaped: the value stays what it is, and printing it does no harm.
enum JSONText {
    /// The document, without a line end.
    static func text(_ value: JSONValue) -> String {
        var result = ""
        write(value, to: &result)
        return result
    }

    private static func write(_ value: JSONValue, to result: inout String) {
        switch value {
        case .null: result += "null"
        case .bool(let flag): result += flag ? "true" : "false"
        case .integer(let number): result += String(number)
        case .fraction(let number): result += number.isFinite ? "\(number)" : "null"
        case .string(let text): write(text, to: &result)
        case .array(let elements):
            result += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { result += "," }
                write(element, to: &result)
            }
            result += "]"
        case .object(let members):
            result += "{"
            let keys = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for (index, key) in keys.enumerated() {
                if index > 0 { result += "," }
                write(key, to: &result)
                result += ":"
                write(members[key] ?? .null, to: &result)
            }
            result += "}"
        }
    }

    private static func write(_ text: String, to result: inout String) {
        result += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.isControl || scalar.value == 0x2028 || scalar.value == 0x2029 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        result += "\""
    }
}

extension JSONValue {
    /// `null` for nothing.
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// A count.
    static func count(_ number: some BinaryInteger) -> JSONValue { .integer(Int64(clamping: number)) }

    /// A list with the place where it goes on.
    static func list(_ items: [JSONValue], next: String? = nil) -> JSONValue {
        .object(["items": .array(items), "next": .optional(next)])
    }
}
