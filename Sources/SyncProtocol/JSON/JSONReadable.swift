/// What a message can be read as.
public protocol JSONReadable {
    /// Reads a value.
    ///
    /// - Throws: ``WireError`` with the place of the first thing that is wrong, seen from this value.
    init(from node: JSONNode) throws(WireError)
}

/// What a message can be written from. Nothing that is written can be unreadable again, but for a fraction that is no
/// number: ``WireCodec/encode(_:)`` refuses it.
public protocol JSONWritable {
    /// Writes exactly one value, members of objects in the order of their names' bytes.
    func write(to writer: inout JSONWriter)
}

/// A part of the protocol's messages.
public typealias WireMessage = JSONReadable & JSONWritable

extension String: WireMessage {
    /// Reads a string.
    public init(from node: JSONNode) throws(WireError) { self = try node.text() }

    /// Writes a string.
    public func write(to writer: inout JSONWriter) { writer.text(self) }
}

extension Bool: WireMessage {
    /// Reads `true` or `false`.
    public init(from node: JSONNode) throws(WireError) { self = try node.bool() }

    /// Writes `true` or `false`.
    public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Int: WireMessage {
    /// Reads an integer.
    public init(from node: JSONNode) throws(WireError) { self = try node.integer(as: Int.self) }

    /// Writes an integer.
    public func write(to writer: inout JSONWriter) { writer.integer(Int64(self)) }
}

extension Int64: WireMessage {
    /// Reads an integer.
    public init(from node: JSONNode) throws(WireError) { self = try node.integer(as: Int64.self) }

    /// Writes an integer.
    public func write(to writer: inout JSONWriter) { writer.integer(self) }
}

extension UInt64: WireMessage {
    /// Reads an integer.
    public init(from node: JSONNode) throws(WireError) { self = try node.integer(as: UInt64.self) }

    /// Writes an integer.
    public func write(to writer: inout JSONWriter) { writer.unsigned(self) }
}

extension UInt32: WireMessage {
    /// Reads an integer.
    public init(from node: JSONNode) throws(WireError) { self = try node.integer(as: UInt32.self) }

    /// Writes an integer.
    public func write(to writer: inout JSONWriter) { writer.unsigned(UInt64(self)) }
}

extension UInt16: WireMessage {
    /// Reads an integer.
    public init(from node: JSONNode) throws(WireError) { self = try node.integer(as: UInt16.self) }

    /// Writes an integer.
    public func write(to writer: inout JSONWriter) { writer.unsigned(UInt64(self)) }
}

extension Array: JSONReadable where Element: JSONReadable {
    /// Reads an array.
    public init(from node: JSONNode) throws(WireError) {
        var list = try node.list()
        self = []
        while !list.isAtEnd { append(try list.read()) }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// Writes an array.
    public func write(to writer: inout JSONWriter) {
        writer.list { writer in for element in self { writer.element(element) } }
    }
}

extension Dictionary: JSONReadable where Key == String, Value: JSONReadable {
    /// Reads an object. Of members of one name the first counts.
    public init(from node: JSONNode) throws(WireError) { self = try node.members().all(as: Value.self) }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// Writes an object, members in the order of their names' bytes.
    public func write(to writer: inout JSONWriter) { writer.dictionary(self) }
}
