/// The configuration file: `key = value` lines and comments, a strict part of TOML 1.0: dotted keys, strings in quotes,
/// integers; no tables. A change alters the lines of its key, and leaves all others as the person wrote them.
struct ConfigFile: Sendable, Hashable {
    /// The lines as they are, without their ends.
    private(set) var lines: [String]
    /// Where each key stands, as an index of ``lines``, and what it is set to.
    private(set) var entries: [ConfigKey: Entry]

    /// A key's line.
    struct Entry: Sendable, Hashable {
        var line: Int
        var value: ConfigValue
    }

    /// Largest file, in bytes.
    static let maximumBytes = 1 << 18

    /// Reads a file's text.
    ///
    /// - Parameter path: how the file is called in what is thrown.
    /// - Throws: ``CommandFailure`` that names the line: a key that is not known, set twice, or a value that it cannot have.
    init(_ text: String, path: String) throws {
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        // A text ends with a line end, which begins no line.
        if lines.last == "" { lines.removeLast() }
        entries = [:]
        for (index, line) in lines.enumerated() {
            do {
                guard let (name, text) = try ConfigLine.read(line) else { continue }
                guard let key = ConfigKey(rawValue: name) else { throw ConfigLine.unknown(name) }
                guard entries[key] == nil else { throw CommandFailure.usage("'\(name)' is set a second time") }
                entries[key] = Entry(line: index, value: try key.value(text))
            } catch var failure as CommandFailure {
                failure.message = "\(path), line \(index + 1): \(failure.message)"
                failure.status = .usage
                failure.code = "badConfig"
                throw failure
            }
        }
    }

    /// The text of the file.
    var text: String { lines.map { $0 + "\n" }.joined() }

    /// Sets a key: its line keeps its place and its comment; a new one comes last.
    mutating func set(_ key: ConfigKey, to value: ConfigValue) {
        let line = "\(key.rawValue) = \(value.toml)"
        if let entry = entries[key] {
            let comment = ConfigLine.comment(lines[entry.line])
            lines[entry.line] = line + (comment.isEmpty ? "" : "  " + comment)
            entries[key]?.value = value
        } else {
            entries[key] = Entry(line: lines.count, value: value)
            lines.append(line)
        }
    }

    /// Takes a key's line out.
    ///
    /// - Returns: whether there was one.
    mutating func unset(_ key: ConfigKey) -> Bool {
        guard let entry = entries.removeValue(forKey: key) else { return false }
        lines.remove(at: entry.line)
        for (other, item) in entries where item.line > entry.line { entries[other]?.line -= 1 }
        return true
    }
}

/// One line of the file.
enum ConfigLine {
    /// The name and the value of a line; `nil` for one that says nothing.
    static func read(_ line: String) throws -> (name: String, value: String)? {
        let content = line.drop { $0 == " " || $0 == "\t" }
        guard let first = content.first, first != "#" else { return nil }
        guard first != "[" else {
            throw CommandFailure.usage("there are no tables here", remedy: "write the whole key: list.limit = 50")
        }
        guard let equals = content.firstIndex(of: "=") else {
            throw CommandFailure.usage("this is no 'key = value'", remedy: "begin a comment with #")
        }
        let name = content[..<equals].trimmed
        guard !name.isEmpty else { throw CommandFailure.usage("there is no key before the '='") }
        let (value, _) = try split(content[content.index(after: equals)...])
        return (String(name), value)
    }

    /// The comment at the end of a line that says something, from its `#`.
    static func comment(_ line: String) -> String {
        guard let equals = line.firstIndex(of: "="), let parts = try? split(line[line.index(after: equals)...]) else {
            return ""
        }
        return parts.comment
    }

    static func unknown(_ name: String) -> CommandFailure {
        guard ReplicaKey(rawValue: name) == nil else {
            return .usage(
                "'\(name)' is kept in the replica and not here",
                remedy: "take the line out, and run 'reader-sync config set \(name) VALUE'")
        }
        var failure = CommandFailure.usage(
            "there is no key '\(name)'", remedy: "run 'reader-sync config list' to see them")
        failure.candidates = Spelling.nearest(to: name, among: ConfigKey.allCases.map(\.rawValue))
        return failure
    }

    /// A value and the comment behind it.
    private static func split(_ text: Substring) throws -> (value: String, comment: String) {
        let text = text.drop { $0 == " " || $0 == "\t" }
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            let bare = text.prefix { $0 != "#" }
            let value = bare.trimmed
            guard !value.isEmpty else { throw CommandFailure.usage("there is no value behind the '='") }
            guard value.allSatisfy({ $0.isNumber || $0 == "-" }) else {
                throw CommandFailure.usage("a text is written in quotes", remedy: "write \"\(value)\"")
            }
            return (String(value), String(text[bare.endIndex...]))
        }
        var (value, rest) = ("", text.dropFirst())
        while let character = rest.popFirst() {
            if character == quote {
                let behind = rest.drop { $0 == " " || $0 == "\t" }
                guard behind.isEmpty || behind.hasPrefix("#") else {
                    throw CommandFailure.usage("there is something behind the value: \(behind.prefix(40))")
                }
                return (value, String(behind))
            }
            guard character == "\\", quote == "\"" else {
                value.append(character)
                continue
            }
            guard let escaped = rest.popFirst(), escaped == "\"" || escaped == "\\" else {
                throw CommandFailure.usage(
                    "in \"\" there are \\\" and \\\\ only", remedy: "write '…' to have no escapes")
            }
            value.append(escaped)
        }
        throw CommandFailure.usage("the text is not closed: a \(quote) is missing")
    }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
