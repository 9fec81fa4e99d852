import SQLiteReplica
import SyncCore
import TerminalText

/// What holds for a key, and who says so.
struct ConfigRow {
    enum Source: Sendable, Hashable {
        case environment(String)
        case file
        case replica
        case standard

        var text: String {
            switch self {
            case .environment(let name): "$" + name
            case .file: "file"
            case .replica: "replica"
            case .standard: "default"
            }
        }
    }

    let name: String
    let value: String
    let source: Source
    private let standard: String
    private let meaning: String
    private let overriddenBy: [String]

    init(_ key: ConfigKey, in file: ConfigFile?) {
        (name, standard, meaning, overriddenBy) = (key.rawValue, key.standard, key.meaning, key.overriddenBy)
        let variables = key.overriddenBy.filter { $0.hasPrefix("$") }.map { String($0.dropFirst()) }
        let set = variables.first { Context.environment($0).map { !$0.isEmpty } ?? false }
        if let set {
            // NO_COLOR says the same whatever it is set to (no-color.org).
            value = key == .color ? ColourChoice.never.rawValue : Context.environment(set) ?? ""
            source = .environment(set)
        } else if let entry = file?.entries[key] {
            (value, source) = (entry.value.text, .file)
        } else {
            (value, source) = (key.standard, .standard)
        }
    }

    /// - Parameter replica: `nil` if there is none: the defaults hold.
    init(_ key: ReplicaKey, in replica: Replica?) throws {
        (name, standard, meaning, overriddenBy) = (key.rawValue, key.standard, key.meaning, [])
        let chosen = try replica.flatMap { try key.value(in: $0) }
        (value, source) = chosen.map { ($0, .replica) } ?? (key.standard, .standard)
    }

    var cells: [StyledText] {
        [
            StyledText(name, .accent), StyledText(value, .bold), StyledText(source.text, .dim),
            StyledText(meaning, .dim),
        ]
    }

    var json: JSONValue {
        .object([
            "key": .string(name), "value": .string(value), "source": .string(source.text),
            "default": .string(standard), "meaning": .string(meaning),
            "overriddenBy": .array(overriddenBy.map { .string($0) }),
        ])
    }
}
