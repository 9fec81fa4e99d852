import ArgumentParser
import SQLiteReplica
import SyncCore
import SystemPorts
import TerminalText

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "See and change the settings of this user and of the replica.",
        discussion: """
            Those of the user are in $XDG_CONFIG_HOME/reader-sync/config, a file of 'key = value' lines that you may edit. \
            An option goes before a variable of the environment, that before the file, and that before the default.
            Those of a replica are kept in it: sync.bodies, sync.images, sync.budget, retain, feeds.retain are what \
            'sync --bodies --images --budget', 'retain' and 'feeds retain' remember, and hold from the next sync on. For \
            differences between devices there is 'conflicts policy'.
            """,
        subcommands: [List.self, Get.self, Set.self, Unset.self, Path.self], defaultSubcommand: List.self)

    struct List: ConfigSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all keys with what holds, and who says so (default).")

        @OptionGroup var shared: SharedOptions

        func run(_ editing: ConfigEditing) throws {
            let file = try editing.read()
            for problem in file?.problems ?? [] { editing.output.warn(problem.warning) }
            let rows = ConfigKey.allCases.map { ConfigRow($0, in: file) } + editing.replicaRows()
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
            let row = try editing.row(try SettingKey(name.key))
            editing.output.result(row.json, lines: [StyledText(row.value)])
        }
    }

    struct Set: ConfigSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set a key where it is kept.",
            discussion: "In the file, comments and other lines stay as they are.")

        @OptionGroup var shared: SharedOptions
        @OptionGroup var name: ConfigKeyArgument

        @Argument(help: "The value.")
        var value: String

        func run(_ editing: ConfigEditing) throws {
            let key = try SettingKey(name.key)
            let written = try editing.set(key, to: value)
            let row = try editing.row(key)
            editing.output.result(row.json, lines: [StyledText("\(row.name) = \(written)")])
            if case .environment = row.source {
                editing.output.remark("now \(row.source.text) says otherwise: \(row.value)")
            }
        }
    }

    struct Unset: ConfigSubcommand {
        static let configuration = CommandConfiguration(
            commandName: "unset", abstract: "Take a key out of where it is kept, so that the default holds.")

        @OptionGroup var shared: SharedOptions
        @OptionGroup var name: ConfigKeyArgument

        func run(_ editing: ConfigEditing) throws {
            guard let key = try? SettingKey(name.key) else { return try takeOut(editing) }
            let wasSet = try editing.unset(key)
            let row = try editing.row(key)
            let words = wasSet ? "\(row.name) = \(row.value) (\(row.source.text))" : "\(row.name) was not set"
            editing.output.result(row.json, lines: [StyledText(words)])
        }

        /// Takes lines out that set what is no key.
        private func takeOut(_ editing: ConfigEditing) throws {
            guard var file = try editing.read(), file.unset(name.key) else { throw SettingKey.unknown(name.key) }
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
        completion: .list(SettingKey.names))
    var key: String
}

/// A command on the settings. It works while the file is wrong, as far as that need not be read.
protocol ConfigSubcommand: ParsableCommand {
    var shared: SharedOptions { get }
    func run(_ editing: ConfigEditing) throws
}

extension ConfigSubcommand {
    func run() throws {
        let editing = ConfigEditing(shared, try Output(shared))
        defer { editing.output.flush() }
        try run(editing)
        try editing.output.finish()
    }
}
