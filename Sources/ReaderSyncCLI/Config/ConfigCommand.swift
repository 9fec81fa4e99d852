import ArgumentParser
import SyncCore
import SystemPorts
import TerminalText

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "See and change the settings of this user.",
        discussion: """
            They are in $XDG_CONFIG_HOME/reader-sync/config, a file of 'key = value' lines that you may edit. An option \
            goes before a variable of the environment, that before the file, and that before the default.
            What belongs to a replica is kept in it: 'sync --bodies --images --budget', 'retain', 'feeds retain' and \
            'conflicts policy' remember what they are given, and 'status' shows it.
            """,
        subcommands: [List.self, Get.self, Set.self, Unset.self, Path.self], defaultSubcommand: List.self)

    struct List: ConfigSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all keys with what holds, and who says so (default).")

        @OptionGroup var shared: SharedOptions

        func run(_ editing: ConfigEditing) throws {
            let file = try editing.read()
            for problem in file?.problems ?? [] { editing.output.warn(problem.warning) }
            let rows = ConfigKey.allCases.map { ConfigRow($0, in: file) }
            let table = Table(
                columns: [
                    Table.Column(title: "KEY"), Table.Column(title: "VALUE"), Table.Column(title: "FROM"),
                    Table.Column(title: "MEANING", isFlexible: true),
                ], rows: rows.map(\.cells))
            editing.output.result(.list(rows.map(\.json)), lines: table.lines(width: editing.output.terminal.width))
        }
    }

    struct Get: ConfigSubcommand {
        static let configuration = CommandConfiguration(commandName: "get", abstract: "Print what holds for a key.")

        @OptionGroup var shared: SharedOptions
        @OptionGroup var name: ConfigKeyArgument

        func run(_ editing: ConfigEditing) throws {
            let row = ConfigRow(try ConfigKey.named(name.key), in: try editing.read())
            editing.output.result(row.json, lines: [StyledText(row.value)])
        }
    }

    struct Set: ConfigSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set a key in the file; comments and other lines stay as they are.")

        @OptionGroup var shared: SharedOptions
        @OptionGroup var name: ConfigKeyArgument

        @Argument(help: "The value.")
        var value: String

        func run(_ editing: ConfigEditing) throws {
            let key = try ConfigKey.named(name.key)
            let parsed = try key.value(value)
            var file = try editing.read() ?? ConfigFile("", path: editing.path)
            file.set(key, to: parsed)
            try editing.write(file)
            let row = ConfigRow(key, in: file)
            editing.output.result(row.json, lines: [StyledText("\(key.rawValue) = \(parsed.text)")])
            if row.source != .file {
                editing.output.remark("now \(row.source.text) says otherwise: \(row.value)")
            }
        }
    }

    struct Unset: ConfigSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "unset", abstract: "Take a key out of the file, so that the default holds.")

        @OptionGroup var shared: SharedOptions
        @OptionGroup var name: ConfigKeyArgument

        func run(_ editing: ConfigEditing) throws {
            guard let key = ConfigKey(rawValue: name.key) else { return try takeOut(editing) }
            guard var file = try editing.read(), file.unset(key.rawValue) else {
                editing.output.result(
                    ConfigRow(key, in: nil).json, lines: [StyledText("\(key.rawValue) was not set")])
                return
            }
            try editing.write(file)
            let row = ConfigRow(key, in: file)
            editing.output.result(row.json, lines: [StyledText("\(key.rawValue) = \(row.value) (\(row.source.text))")])
        }

        /// Takes lines out that set what is no key.
        private func takeOut(_ editing: ConfigEditing) throws {
            guard var file = try editing.read(), file.unset(name.key) else { throw ConfigKey.unknown(name.key) }
            try editing.write(file)
            editing.output.result(
                .object([
                    "key": .string(name.key), "value": .string(""), "source": .string(ConfigRow.Source.standard.text),
                    "default": .string(""), "meaning": .string("there is no such key"), "overriddenBy": .array([]),
                ]), lines: [StyledText("\(name.key) is out of the file")])
        }
    }

    struct Path: ConfigSubcommand {
        static let configuration = CommandConfiguration(commandName: "path", abstract: "Print where the file is.")

        @OptionGroup var shared: SharedOptions

        func run(_ editing: ConfigEditing) throws {
            editing.output.result(
                .object(["path": .string(editing.path), "exists": .bool(editing.exists)]),
                lines: [StyledText(editing.path)])
        }
    }
}

/// The key that a command is about.
struct ConfigKeyArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The key, as 'config list' has it.", valueName: "key"),
        completion: .list(ConfigKey.allCases.map(\.rawValue)))
    var key: String
}

/// A command on the file. It opens no replica, and works while the file is wrong, as far as it need not be read.
protocol ConfigSubcommand: ParsableCommand {
    var shared: SharedOptions { get }
    func run(_ editing: ConfigEditing) throws
}

extension ConfigSubcommand {
    func run() throws {
        let editing = ConfigEditing(try Output(shared))
        defer { editing.output.flush() }
        try run(editing)
        try editing.output.finish()
    }
}

/// The file and the output of such a command.
struct ConfigEditing {
    let output: Output
    let path: String

    init(_ output: Output) {
        self.output = output
        path = Settings.path(UserFiles(environment: Context.environment))
    }

    var exists: Bool { FileText.exists(path) }

    func read() throws -> ConfigFile? { try Settings.read(path) }

    func write(_ file: ConfigFile) throws {
        let folder = path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        if let reason = UserFiles.makeFolder(folder) { throw CommandFailure.system(reason) }
        try FileText.write(file.text, to: path)
    }
}

/// What holds for a key, and who says so.
struct ConfigRow {
    enum Source: Sendable, Hashable {
        case environment(String)
        case file
        case standard

        var text: String {
            switch self {
            case .environment(let name): "$" + name
            case .file: "file"
            case .standard: "default"
            }
        }
    }

    let key: ConfigKey
    let value: String
    let source: Source

    init(_ key: ConfigKey, in file: ConfigFile?) {
        self.key = key
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

    var cells: [StyledText] {
        [
            StyledText(key.rawValue, .accent), StyledText(value, .bold), StyledText(source.text, .dim),
            StyledText(key.meaning, .dim),
        ]
    }

    var json: JSONValue {
        .object([
            "key": .string(key.rawValue), "value": .string(value), "source": .string(source.text),
            "default": .string(key.standard), "meaning": .string(key.meaning),
            "overriddenBy": .array(key.overriddenBy.map { .string($0) }),
        ])
    }
}
