/// The configuration file: `key = value` lines and comments, a strict part of TOML 1.0: dotted keys, strings in quotes,
/// integers; no tables. A change alters the lines of its key, and leaves all others as the person wrote them.
struct ConfigFile: Sendable, Hashable {
    /// The lines as they are, without their ends.
    private(set) var lines: [String]
    private let path: String
    /// Where each key stands, as an index of ``lines``, and what it is set to.
    private(set) var entries: [ConfigKey: Entry]

    /// A key's line.
    struct Entry: Sendable, Hashable {
        var line: Int
        var value: ConfigValue
    }

    /// What is wrong with lines, in their order. They say nothing, and stay as they are.
    private(set) var problems: [Problem] = []

    /// What is wrong with a line.
    struct Problem: Sendable, Hashable {
        /// As it is reported, with its line.
        var failure: CommandFailure
        /// Whether there is no key of its name.
        var isUnknownKey: Bool

        /// In a sentence.
        var warning: String {
            failure.message + (failure.candidates.first.map { "; did you mean '\($0)'?" } ?? "")
        }
    }

    /// Largest file, in bytes.
    static let maximumBytes = 1 << 18

    /// Reads a file's text. What makes no sense is in ``problems``: a key that is not known, or set twice, a value that it
    /// cannot have.
    ///
    /// - Parameter path: how the file is called in them.
    init(_ text: String, path: String) {
        self.path = path
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        // A text ends with a line end, which begins no line.
        if lines.last == "" { lines.removeLast() }
        entries = [:]
        for index in lines.indices {
            do { try read(index) } catch {
                var failure = CommandFailure(error)
                failure.message = "\(path), line \(index + 1): \(failure.message)"
                failure.status = .usage
                let isUnknownKey = failure.code == ConfigLine.unknownKey
                failure.code = "badConfig"
                failure.remedy =
                    failure.remedy
                    ?? ConfigLine.name(lines[index]).map {
                        "correct the line, or take it out: 'reader-sync config unset \($0)'"
                    } ?? "correct the line, or take it out"
                problems.append(Problem(failure: failure, isUnknownKey: isUnknownKey))
            }
        }
    }

    private mutating func read(_ index: Int) throws {
        guard let (name, text) = try ConfigLine.read(lines[index]) else { return }
        guard let key = ConfigKey(rawValue: name) else { throw ConfigLine.unknown(name) }
        guard entries[key] == nil else { throw CommandFailure.usage("'\(name)' is set a second time") }
        entries[key] = Entry(line: index, value: try key.value(text))
    }

    /// The text of the file.
    var text: String { lines.map { $0 + "\n" }.joined() }

    /// Sets a key: its first line keeps its place and its comment, and is its only one; a new one comes last.
    mutating func set(_ key: ConfigKey, to value: ConfigValue) {
        let line = "\(key.rawValue) = \(value.toml)"
        let places = places(of: key.rawValue)
        if let place = places.first {
            let comment = ConfigLine.comment(lines[place])
            lines[place] = line + (comment.isEmpty ? "" : "  " + comment)
            for other in places.dropFirst().reversed() { lines.remove(at: other) }
        } else {
            lines.append(line)
        }
        self = ConfigFile(text, path: path)
    }

    /// Takes the lines of a name out, also of one that is no key, and those whose value makes no sense.
    ///
    /// - Returns: whether there was one.
    mutating func unset(_ name: String) -> Bool {
        let places = places(of: name)
        for place in places.reversed() { lines.remove(at: place) }
        self = ConfigFile(text, path: path)
        return !places.isEmpty
    }

    private func places(of name: String) -> [Int] {
        lines.indices.filter { ConfigLine.name(lines[$0]) == name }
    }
}

/// One line of the file.
enum ConfigLine {
    /// The code of what is thrown where there is no key of a name.
    static let unknownKey = "unknownKey"

    /// The name of a line that has one, whatever its value is.
    static func name(_ line: String) -> String? {
        let content = line.drop { $0 == " " || $0 == "\t" }
        guard let first = content.first, first != "#", first != "[", let equals = content.firstIndex(of: "=") else {
            return nil
        }
        let name = content[..<equals].trimmed
        return name.isEmpty ? nil : String(name)
    }

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
            return CommandFailure(
                .usage, unknownKey, "'\(name)' is kept in the replica and not here",
                remedy: "take the line out, and run 'reader-sync config set \(name) VALUE'")
        }
        return CommandFailure(
            .usage, unknownKey, "there is no key '\(name)'",
            candidates: Spelling.nearest(to: name, among: ConfigKey.allCases.map(\.rawValue)))
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
