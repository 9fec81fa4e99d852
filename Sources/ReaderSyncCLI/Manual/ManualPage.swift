import ArgumentParser

/// A page of the manual in man(7) roff, made of what `--help` is made of.
struct ManualPage: Sendable {
    /// Words behind `reader-sync` that name the command.
    let words: [String]
    private let command: CommandDescription

    init(_ command: CommandDescription, words: [String]) {
        self.command = command
        self.words = words
    }

    /// The pages of a command and all below it.
    static func all(_ command: CommandDescription, words: [String] = []) -> [ManualPage] {
        [ManualPage(command, words: words)]
            + command.shown.flatMap { all($0, words: words + [$0.commandName]) }
    }

    /// The page's name: `reader-sync-feeds-check`.
    var name: String { (["reader-sync"] + words).joined(separator: "-") }

    /// The file it is in.
    var fileName: String { name + ".1" }

    private var typed: String { (["reader-sync"] + words).joined(separator: " ") }

    /// The page.
    var roff: String {
        var page = [
            ".\\\" Made by 'reader-sync man' from what --help is made of.",
            ".TH \(Roff.quoted(name.uppercased())) 1 \"\" \(Roff.quoted("reader-sync " + ReaderSync.configuration.version)) "
                + Roff.quoted("reader-sync"),
            ".SH NAME", Roff.text(name) + " \\- " + Roff.text(command.abstract ?? ""), ".SH SYNOPSIS",
        ]
        page += synopsis
        page += description
        page += arguments("ARGUMENTS") { $0.kind == "positional" }
        page += arguments("OPTIONS") { $0.kind != "positional" }
        page += commands
        if words.isEmpty { page += root }
        page += seeAlso
        return page.joined(separator: "\n") + "\n"
    }

    private var shownArguments: [CommandDescription.Argument] { (command.arguments ?? []).filter(\.shouldDisplay) }

    private var synopsis: [String] {
        var parts = [Roff.bold(typed)]
        if !command.shown.isEmpty {
            parts.append(command.defaultSubcommand == nil ? "\\fICOMMAND\\fR" : "[\\fICOMMAND\\fR]")
        }
        let options = shownArguments.filter { $0.kind != "positional" }
        // Every command has these; a line of them says nothing.
        if !options.isEmpty { parts.append("[\\fIOPTION\\fR]...") }
        for argument in shownArguments where argument.kind == "positional" {
            let name = Roff.italic(argument.valueName ?? "value") + (argument.isRepeating ? "..." : "")
            parts.append(argument.isOptional ? "[\(name)]" : name)
        }
        return [parts.joined(separator: " ")]
    }

    private var description: [String] {
        // The root's discussion ends with a table that has a section of its own here.
        let lines = (command.discussion ?? "").split(separator: "\n").prefix { $0 != "EXIT STATUS" }
        guard !lines.isEmpty else { return [] }
        return [".SH DESCRIPTION"] + lines.flatMap { [".PP", Roff.text(String($0))] }.dropFirst()
    }

    private func arguments(_ title: String, where isShown: (CommandDescription.Argument) -> Bool) -> [String] {
        let arguments = shownArguments.filter(isShown)
        guard !arguments.isEmpty else { return [] }
        return [".SH \(title)"] + arguments.flatMap { Self.item($0) }
    }

    private static func item(_ argument: CommandDescription.Argument) -> [String] {
        let value = Roff.italic(argument.valueName ?? "value")
        var head = (argument.names ?? []).map { Roff.bold($0.text) }.joined(separator: ", ")
        if argument.kind == "positional" { head = value } else if argument.kind == "option" { head += " " + value }
        var text = argument.abstract ?? ""
        if let standard = argument.defaultValue, argument.kind != "flag" { text += " (default: \(standard))" }
        let more = (argument.discussion ?? "").split(separator: "\n").map { Roff.text(String($0)) }
        return [".TP", head, text.isEmpty ? "\\&" : Roff.text(text)] + more
    }

    private var commands: [String] {
        guard !command.shown.isEmpty else { return [] }
        return [".SH COMMANDS"]
            + command.shown.flatMap { inner in
                [
                    ".TP", Roff.bold("\(typed) \(inner.commandName)"), Roff.text(inner.abstract ?? ""),
                ]
            }
    }

    private var root: [String] {
        [".SH EXIT STATUS"]
            + ExitStatus.allCases.flatMap { [".TP", Roff.bold(String($0.rawValue)), Roff.text($0.meaning)] }
            + [".SH ENVIRONMENT"]
            + CommandSurroundings.variables.flatMap { [".TP", Roff.bold($0.name), Roff.text($0.meaning)] }
            + [".SH FILES"]
            + CommandSurroundings.files.flatMap { [".TP", Roff.italic($0.name), Roff.text($0.meaning)] }
    }

    private var seeAlso: [String] {
        var names: [String] = []
        if !words.isEmpty { names.append((["reader-sync"] + words.dropLast()).joined(separator: "-")) }
        names += command.shown.map { name + "-" + $0.commandName }
        return [".SH SEE ALSO", names.map { Roff.bold($0) + "(1)" }.joined(separator: ",\n")]
    }
}
