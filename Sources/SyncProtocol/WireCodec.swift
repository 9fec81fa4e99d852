public import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder
import class FoundationEssentials.JSONEncoder

/// Messages to bytes and back. Members are written in the order of their names, so equal messages are equal bytes.
public enum WireCodec {
    /// The bytes of a message.
    public static func encode(_ message: some Encodable) throws(WireError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(message)
        } catch {
            throw WireError("the message cannot be written: \(error)")
        }
    }

    /// The message in the bytes.
    ///
    /// - Throws: ``WireError`` with the place of the first thing that is wrong.
    public static func decode<Message: Decodable>(
        _ type: Message.Type, from bytes: Data
    ) throws(WireError) -> Message {
        // Some decoders put a mark in the place of a damaged character and go on (RFC 8259 §8.1: UTF-8, nothing else).
        guard String(validating: bytes, as: UTF8.self) != nil else { throw WireError("not UTF-8") }
        do {
            return try JSONDecoder().decode(type, from: bytes)
        } catch let error as DecodingError {
            throw WireError(error)
        } catch let error as WireError {
            throw error
        } catch {
            throw WireError("not JSON: \(error)")
        }
    }
}

/// A member's name that is only known when it is read.
struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// A list of which each element stands for itself: one that cannot be read is left out with the reason, and the
/// others go on. One bad row never blocks the rest.
public struct LenientList<Element: Codable & Sendable & Hashable>: Codable, Sendable, Hashable {
    /// The elements that could be read, in order.
    public var elements: [Element]
    /// Where and why others could not.
    public var failures: [WireError]

    /// Makes a list of readable elements.
    public init(_ elements: [Element]) {
        self.elements = elements
        failures = []
    }

    /// Reads a list.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        elements = []
        failures = []
        while !container.isAtEnd {
            let path = "[\(container.currentIndex)]"
            let one = try container.superDecoder()
            do {
                elements.append(try Element(from: one))
            } catch let error as DecodingError {
                failures.append(WireError(error))
            } catch let error as WireError {
                failures.append(WireError(path: path, error.description))
            }
        }
    }

    /// Writes the readable elements.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for element in elements { try container.encode(element) }
    }
}
