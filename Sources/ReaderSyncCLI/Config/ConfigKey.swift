import SystemPorts

/// What the configuration file can hold. The one table: `config list`, the help and the README's test read it.
enum ConfigKey: String, CaseIterable, Sendable {
    case replica
    case color
    case editor
    case listLimit = "list.limit"

    /// What a value may be.
    enum Kind: Sendable {
        case text
        case path
        case integer(ClosedRange<Int>)
        case choice([String])
    }

    /// What the value may be.
    var kind: Kind {
        switch self {
        case .replica: .path
        case .editor: .text
        case .listLimit: .integer(PagingOptions.range)
        case .color: .choice(ColourChoice.allCases.map(\.rawValue))
        }
    }

    /// What it does, in a line.
    var meaning: String {
        switch self {
        case .replica: "the replica's file, instead of the one in the XDG data folder; '~/' is your home"
        case .color: "when colours are used: auto, always, never"
        case .editor: "the editor for notes, where neither $VISUAL nor $EDITOR is set"
        case .listLimit: "most items of a list, where --limit is not given"
        }
    }

    /// What goes before it: options and variables, the strongest first.
    var overriddenBy: [String] {
        switch self {
        case .replica: ["--replica", "$READER_SYNC_REPLICA"]
        case .color: ["--color", "$NO_COLOR"]
        case .editor: ["$VISUAL", "$EDITOR"]
        case .listLimit: ["--limit"]
        }
    }

    /// What holds where nothing is said.
    var standard: String {
        switch self {
        case .replica: UserFiles(environment: Context.environment).data + "/replica.sqlite"
        case .color: ColourChoice.auto.rawValue
        case .editor: "vi"
        case .listLimit: String(PagingOptions.standard)
        }
    }

    /// The key of a name.
    ///
    /// - Throws: ``CommandFailure`` with the names that come near.
    static func named(_ text: String) throws -> ConfigKey {
        guard let key = ConfigKey(rawValue: text) else { throw unknown(text) }
        return key
    }

    /// That there is no key of a name, with the names that come near.
    static func unknown(_ text: String) -> CommandFailure {
        CommandFailure(
            .notFound, "notFound", "there is no key '\(text)'", remedy: "run 'reader-sync config list' to see them",
            candidates: Spelling.nearest(to: text, among: allCases.map(\.rawValue)))
    }

    /// The value that a text is for this key.
    ///
    /// - Throws: ``CommandFailure`` if it is none.
    func value(_ text: String) throws -> ConfigValue {
        switch kind {
        case .text, .path:
            guard !text.isEmpty, text.utf8.count <= 4_096, !text.unicodeScalars.contains(where: { $0.value < 0x20 })
            else {
                throw CommandFailure.usage("'\(rawValue)' is a text of 1 to 4096 bytes on one line")
            }
            return .text(text)
        case .integer(let range):
            guard let number = Int(text), range.contains(number) else {
                throw CommandFailure.usage(
                    "'\(rawValue)' is \(range.lowerBound) to \(range.upperBound), not '\(text)'")
            }
            return .integer(number)
        case .choice(let words):
            guard words.contains(text) else {
                var failure = CommandFailure.usage(
                    "'\(rawValue)' is \(words.joined(separator: ", ")), not '\(text)'")
                failure.candidates = Spelling.nearest(to: text, among: words)
                throw failure
            }
            return .text(text)
        }
    }
}

/// A value of the configuration.
enum ConfigValue: Sendable, Hashable {
    case text(String)
    case integer(Int)

    /// The value as a person types it.
    var text: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        }
    }

    /// The value as it stands in the file.
    var toml: String {
        switch self {
        case .integer(let number): return String(number)
        case .text(let text):
            var quoted = "\""
            for character in text {
                if character == "\"" || character == "\\" { quoted.append("\\") }
                quoted.append(character)
            }
            return quoted + "\""
        }
    }
}
