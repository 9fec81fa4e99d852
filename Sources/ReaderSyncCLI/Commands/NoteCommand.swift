import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct NoteCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Show or write the note on an article.",
        discussion: "Without a text, and without --edit, --file and --remove, the note is shown.")

    @OptionGroup var shared: SharedOptions

    @Argument(
        help: "The beginning of its id (4 digits or more), or its URL.", completion: Completions.names(.article))
    var article: String

    @Argument(help: "The note; takes the place of the one that is there.")
    var text: String?

    @Flag(help: "Write it in $VISUAL or $EDITOR.")
    var edit = false

    @Option(
        help: ArgumentHelp("Take it from this file; '-' is standard input.", valueName: "file"),
        completion: .file())
    var file: String?

    @Flag(help: "Remove it.")
    var remove = false

    /// Most bytes that are read before the text is held against the limit of a note.
    static let inputLimit = 1 << 20

    func validate() throws {
        let ways = [text != nil, edit, file != nil, remove].filter { $0 }.count
        if ways > 1 { throw ValidationError("give one of TEXT, --edit, --file and --remove") }
    }

    func run(in context: Context) async throws {
        guard text != nil || edit || file != nil || remove else { return try show(context) }
        let replica = try context.open(.writing)
        let detail = try replica.article(article)
        let note = try written(instead: detail.note ?? "")
        try Self.check(note)
        let id = detail.summary.id
        try await Recording.record([.note(id, note)].compactMap { $0 }, in: replica, context, articles: [id]) { _ in
            note.isEmpty ? "removed the note" : "wrote the note"
        }
    }

    private func written(instead old: String) throws -> String {
        if remove { return "" }
        if let text { return text }
        guard let file else { return try Self.edited(old) }
        return Self.trimmed(
            try file == "-"
                ? FileText.standardInput(limit: Self.inputLimit) : FileText.read(file, limit: Self.inputLimit))
    }

    /// A note as the person makes it of the old one in an editor.
    static func edited(_ old: String) throws -> String {
        trimmed(try Editor.edit(old.isEmpty ? "" : old + "\n", environment: Context.environment))
    }

    /// Makes sure that a note is not too long.
    static func check(_ note: String) throws {
        guard note.utf8.count <= Value.maximumNoteBytes else {
            throw CommandFailure.usage(
                "the note has \(note.utf8.count) bytes; \(Value.maximumNoteBytes) is the most it can have")
        }
    }

    /// Editors end a file with a line end; a note ends with its last word.
    private static func trimmed(_ note: String) -> String {
        String(note.reversed().drop { $0.isWhitespace }.reversed())
    }

    private func show(_ context: Context) throws {
        let detail = try context.open(.reading).article(article)
        let note = detail.note ?? ""
        context.output.result(
            .object([
                "id": .string(detail.summary.id.description), "note": note.isEmpty ? .null : .string(note),
            ]),
            lines: note.isEmpty ? [] : SafeText.lines(note).map { StyledText($0) })
        if note.isEmpty { context.output.remark("there is no note on it") }
    }
}
