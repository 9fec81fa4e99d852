public import SyncCore

extension JSONValue: WireMessage {
    /// Reads any value. A number is an integer if it is one of 64 bits, however it is spelt.
    ///
    /// - Throws: ``WireError`` for a number beyond binary64, and for a text with half a surrogate pair.
    public init(from node: JSONNode) throws(WireError) {
        switch node.token.kind {
        case .null: self = .null
        case .yes: self = .bool(true)
        case .no: self = .bool(false)
        case .integer, .fraction:
            if let number = JSONNumber.integer(node.token, in: node.tape.bytes, as: Int64.self) {
                self = .integer(number)
            } else if let number = JSONNumber.double(node.token, in: node.tape.bytes) {
                self = .fraction(number)
            } else {
                throw node.mismatch("a number within binary64")
            }
        case .text, .escapedText, .brokenText: self = .string(try node.text())
        case .array: self = .array(try [JSONValue](from: node))
        case .object, .brokenObject: self = .object(try [String: JSONValue](from: node))
        }
    }

    /// Writes the value.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let flag): writer.bool(flag)
        case .integer(let number): writer.integer(number)
        case .fraction(let number): writer.fraction(number)
        case .string(let text): writer.text(text)
        case .array(let values): values.write(to: &writer)
        case .object(let members): writer.dictionary(members)
        }
    }
}
