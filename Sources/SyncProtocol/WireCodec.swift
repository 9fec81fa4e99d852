public import struct FoundationEssentials.Data

/// Messages to bytes and back. Members are written in the order of their names, so equal messages are equal bytes.
public enum WireCodec {
    /// The bytes of a message.
    ///
    /// - Throws: ``WireError`` if a fraction in it is infinite or no number.
    public static func encode(_ message: some JSONWritable) throws(WireError) -> Data {
        Data(try written(message).bytes)
    }

    /// The message as a text, for a column of a table.
    ///
    /// - Throws: ``WireError`` if a fraction in it is infinite or no number.
    public static func text(_ message: some JSONWritable) throws(WireError) -> String {
        try written(message).text
    }

    private static func written(_ message: some JSONWritable) throws(WireError) -> JSONWriter {
        var writer = JSONWriter()
        message.write(to: &writer)
        if let failure = writer.failure { throw failure }
        return writer
    }

    /// The message in the bytes.
    ///
    /// - Throws: ``WireError`` with the place of the first thing that is wrong.
    public static func decode<Message: JSONReadable>(
        _ type: Message.Type, from bytes: Data
    ) throws(WireError) -> Message {
        try Message(from: tape(bytes).root)
    }

    /// The message in a text.
    ///
    /// - Throws: ``WireError`` with the place of the first thing that is wrong.
    public static func decode<Message: JSONReadable>(
        _ type: Message.Type, from text: String
    ) throws(WireError) -> Message {
        var text = text
        let tape = text.withUTF8 { utf8 in Result { () throws(WireError) in try JSONTape(UnsafeRawBufferPointer(utf8)) }
        }
        return try Message(from: tape.get().root)
    }

    private static func tape(_ bytes: Data) throws(WireError) -> JSONTape {
        try bytes.withUnsafeBytes { raw in Result { () throws(WireError) in try JSONTape(raw) } }.get()
    }
}
