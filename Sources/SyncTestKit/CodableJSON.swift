public import SyncCore

/// A JSON value that Foundation's coders read and write: what the protocol's own reader and writer are held against.
/// Tests only; the libraries have one JSON reader.
public struct CodableJSON: Hashable, Sendable, Codable {
    /// The value.
    public var value: JSONValue

    /// Wraps a value.
    public init(_ value: JSONValue) {
        self.value = value
    }

    /// Reads any JSON value: a number as an integer if it is one of 64 bits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let number = try? container.decode(Int64.self) {
            // What is met most comes first: every attempt that fails makes an error.
            value = .integer(number)
        } else if let text = try? container.decode(String.self) {
            value = .string(text)
        } else if let flag = try? container.decode(Bool.self) {
            value = .bool(flag)
        } else if let number = try? container.decode(Double.self) {
            value = .fraction(number)
        } else if let values = try? container.decode([CodableJSON].self) {
            value = .array(values.map(\.value))
        } else {
            value = .object(try container.decode([String: CodableJSON].self).mapValues(\.value))
        }
    }

    /// Writes the value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .fraction(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let values): try container.encode(values.map { CodableJSON($0) })
        case .object(let members): try container.encode(members.mapValues { CodableJSON($0) })
        }
    }
}
