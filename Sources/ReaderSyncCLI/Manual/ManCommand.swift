import ArgumentParser
import SystemPorts
import TerminalText

struct ManCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man", abstract: "Print a page of the manual, or write all of them.",
        discussion: """
            To read one: reader-sync man list | man -l -
            To install all: reader-sync man --folder ~/.local/share/man/man1
            """)

    @Argument(help: ArgumentHelp("The command's words; none for the whole program.", valueName: "command"))
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write the pages of the command, and of those below it, to this folder.", valueName: "folder"),
        completion: .directory)
    var folder: String?

    func run() throws {
        let output = Output(terminal: Terminal(environment: Context.environment), isJSON: false, isQuiet: false)
        defer { output.flush() }
        let command = try CommandDescription.all().find(words)
        guard let folder else {
            output.verbatim(ManualPage(command, words: words).roff)
            if output.terminal.width != nil {
                output.remark("to read it: reader-sync man \(words.joined(separator: " ")) | man -l -")
            }
            return try output.finish()
        }
        let pages = ManualPage.all(command, words: words)
        if let reason = UserFiles.makeFolder(FileText.absolute(folder)) { throw CommandFailure.system(reason) }
        for page in pages { try FileText.write(page.roff, to: folder + "/" + page.fileName, mode: 0o644) }
        output.line("\(Plural.of(pages.count, "page")) written to \(folder)")
        try output.finish()
    }
}
