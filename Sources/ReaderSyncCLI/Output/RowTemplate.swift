import SyncCore
import TerminalText

/// What `--format` prints for each row of a result: text, with the members of the row's JSON in braces, as in
/// `{id} {headline}\n`. A row is an item of a list, or the whole document of a command that prints no list.
struct RowTemplate: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case text(String)
        /// Names from the row inwards; a number is a place in an array.
        case member([String])
    }

    private let pieces: [Piece]
    /// What is printed behind a row whose template does not end it itself.
    private let end: String

    /// Longest template, in bytes.
    static let maximumBytes = 65_536

    /// Reads a template: `{name}`, `{outer.inner}`, `{{` and `}}` for braces, `\n`, `\t`, `\0` and `\\`.
    ///
    /// - Throws: ``CommandFailure`` that says at which character it makes no sense.
    init(_ text: String) throws(CommandFailure) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw CommandFailure.usage("the --format is longer than \(Self.maximumBytes) bytes")
        }
        var (pieces, run) = ([Piece](), "")
        var scanner = Scanner(rest: Array(text)[...])
        while let character = scanner.next() {
            switch character {
            case "\\": run.append(try scanner.escaped())
            case "{" where scanner.skip("{"): run.append("{")
            case "}" where scanner.skip("}"): run.append("}")
            case "}": throw scanner.failure("'}' closes nothing; a brace itself is '}}'")
            case "{":
                let path = try scanner.path()
                if !run.isEmpty { pieces.append(.text(run)) }
                run = ""
                pieces.append(.member(path))
            default: run.append(character)
            }
        }
        if !run.isEmpty { pieces.append(.text(run)) }
        self.pieces = pieces
        end = run.hasSuffix("\n") || run.hasSuffix("\0") ? "" : "\n"
    }

    /// The rows of a document: the items of a list, or the document itself.
    static func rows(_ document: JSONValue) -> [JSONValue] {
        if case .object(let members) = document, case .array(let items) = members["items"] { return items }
        return [document]
    }

    /// A row's text. What the row says stays on one line and commands no terminal.
    ///
    /// - Throws: ``CommandFailure`` if the row has no member of a name, with the names it has.
    func text(_ row: JSONValue) throws(CommandFailure) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .member(let path): result += SafeText.line(Self.text(try Self.value(path, in: row)))
            }
        }
        return result + end
    }

    private static func value(_ path: [String], in row: JSONValue) throws(CommandFailure) -> JSONValue {
        var value = row
        for (depth, name) in path.enumerated() {
            switch value {
            case .null: return .null
            case .object(let members):
                guard let member = members[name] else { throw missing(path, depth, names: members.keys.sorted()) }
                value = member
            case .array(let items):
                guard let index = Int(name), index >= 0 else { throw missing(path, depth, names: []) }
                value = items.indices.contains(index) ? items[index] : .null
            default: throw missing(path, depth, names: [])
            }
        }
        return value
    }

    private static func missing(_ path: [String], _ depth: Int, names: [String]) -> CommandFailure {
        let prefix = path[..<depth].map { $0 + "." }.joined()
        let near = Spelling.nearest(to: path[depth], among: names).map { "{\(prefix)\($0)}" }
        let known = names.map { prefix + $0 }.joined(separator: ", ")
        var failure = CommandFailure.usage(
            "the output has no '{\(path.joined(separator: "."))}'",
            remedy: names.isEmpty ? "'\(path[..<depth].joined(separator: "."))' has no members" : "it has: \(known)")
        failure.candidates = near
        return failure
    }

    /// Plain texts and numbers; arrays of them with commas; nothing for null; the rest as JSON.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .array(let items): items.map { text($0) }.joined(separator: ", ")
        default: JSONText.text(value)
        }
    }
}

/// Reads a template from left to right.
private struct Scanner {
    var rest: ArraySlice<Character>

    mutating func next() -> Character? { rest.popFirst() }

    mutating func skip(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    mutating func escaped() throws(CommandFailure) -> Character {
        switch next() {
        case "n": return "\n"
        case "t": return "\t"
        case "0": return "\0"
        case "\\": return "\\"
        case let other:
            throw failure("'\\\(other.map(String.init) ?? "")' stands for nothing; there are \\n, \\t, \\0 and \\\\")
        }
    }

    mutating func path() throws(CommandFailure) -> [String] {
        var name = ""
        while let character = next() {
            if character == "}" {
                let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
                guard !path.contains("") else {
                    throw failure("'{\(name)}' names nothing; write {name} or {outer.inner}")
                }
                return path
            }
            name.append(character)
        }
        throw failure("'{' is not closed; a brace itself is '{{'")
    }

    /// What is wrong, and at which character, counted from 1.
    func failure(_ problem: String) -> CommandFailure {
        .usage("--format, character \(rest.startIndex): \(problem)", remedy: "as in --format '{id} {headline}\\n'")
    }
}
