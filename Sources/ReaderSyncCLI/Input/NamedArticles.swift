import class FoundationEssentials.JSONDecoder
import struct FoundationEssentials.Data

/// The articles that a text names, with the lines they are on: one a line, as a plain word first in the line; or JSON, one
/// value after the other on as many lines as they like: an object with an `id`, an id, an array of these, or a document as
/// `list --json` prints it.
struct NamedArticles {
    /// A name, and where it is.
    struct Name: Hashable {
        var text: String
        /// From 1.
        var line: Int
    }

    /// The names in their order.
    private(set) var names: [Name] = []

    /// Most names in a text.
    static let maximum = 1_000_000

    /// - Throws: ``CommandFailure`` that says which line names nothing.
    init(_ text: String) throws(CommandFailure) {
        var (rest, line) = (text.utf8[...], 1)
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                rest.removeFirst()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): rest.removeFirst()
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
                let value = try Self.value(&rest, line: line)
                try add(value, line: line)
                line += value.count { $0 == UInt8(ascii: "\n") }
            default:
                let word = rest.prefix { $0 > 0x20 }
                names.append(Name(text: String(Substring(word)), line: line))
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            }
            guard names.count <= Self.maximum else {
                throw CommandFailure.usage("standard input names more than \(Self.maximum) articles")
            }
        }
    }

    /// Takes a JSON value off the front, by its brackets and strings; whether it is one, the decoder says.
    private static func value(_ rest: inout Substring.UTF8View, line: Int) throws(CommandFailure) -> Substring.UTF8View
    {
        var (depth, isString, isEscaped) = (0, false, false)
        for index in rest.indices {
            let byte = rest[index]
            if isString {
                isString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
            }
            guard depth == 0, !isString else { continue }
            let value = rest[...index]
            rest = rest[rest.index(after: index)...]
            return value
        }
        throw CommandFailure.usage("standard input, line \(line): the JSON that begins here does not end")
    }

    private mutating func add(_ value: Substring.UTF8View, line: Int) throws(CommandFailure) {
        guard let named = try? JSONDecoder().decode(Named.self, from: Data(value)) else {
            throw CommandFailure.usage(
                "standard input, line \(line): no JSON that names articles",
                remedy: "give ids, objects with an 'id', or what 'reader-sync list --json' prints")
        }
        names += named.ids.map { Name(text: $0, line: line) }
    }

    /// An article, several, or a document of them.
    private struct Named: Decodable {
        private enum Key: String, CodingKey {
            case id, items
        }

        var ids: [String]

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                ids = [text]
            } else if var list = try? decoder.unkeyedContainer() {
                ids = []
                while !list.isAtEnd { ids += try list.decode(Named.self).ids }
            } else {
                let members = try decoder.container(keyedBy: Key.self)
                if let id = try? members.decode(String.self, forKey: .id) {
                    ids = [id]
                } else {
                    ids = try members.decode([Named].self, forKey: .items).flatMap(\.ids)
                }
            }
        }
    }
}
