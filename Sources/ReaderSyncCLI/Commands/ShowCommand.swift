import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct ShowCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an article.",
        discussion: """
            Opening an article marks it read, as in any reader, but as a lesser mark: on another device an explicit \
            'unread' beats it. --peek leaves it as it is; so do --revisions and --html.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(
        help: ArgumentHelp(
            "The beginning of its id (4 digits or more), its URL, or '-' to read that from standard input.",
            valueName: "article"), completion: Completions.names(.article))
    var article: String

    @Flag(help: "Do not mark it read.")
    var peek = false

    @Flag(help: "Show what was corrected from revision to revision.")
    var revisions = false

    @Flag(help: "Print the text as HTML.")
    var html = false

    func validate() throws {
        if revisions && html { throw ValidationError("--revisions and --html cannot be given together") }
    }

    func run(in context: Context) async throws {
        let output = context.output
        let replica = try context.open(.reading)
        var detail = try found(try ArticleReferences.one(article), in: replica)
        if revisions {
            let held = try replica.revisions(of: detail.summary.id)
            output.result(
                .list(held.map { RevisionRendering.json($0) }),
                lines: RevisionRendering.lines(held, width: output.terminal.textWidth))
            return
        }
        if html, !output.isForPrograms {
            output.verbatim(detail.article.bodyHTML)
            return
        }
        if !peek, !html, !detail.summary.isRead, !detail.isRemoved {
            detail = try markRead(detail.summary.id, replica, context)
        }
        output.result(
            DetailRendering.json(detail),
            lines: DetailRendering.lines(detail, width: output.terminal.textWidth))
    }

    private func found(_ reference: String, in replica: Replica) throws -> ArticleDetail {
        do throws(ReplicaError) { return try replica.article(reference) } catch {
            var failure = CommandFailure(error)
            if error.code == .notFound { failure.candidates = ArticleReferences.near(reference, in: replica) }
            throw failure
        }
    }

    private func markRead(_ id: ArticleID, _ reading: Replica, _ context: Context) throws -> ArticleDetail {
        try reading.close()
        let replica = try context.open(.writing)
        if let edit = Edit.read(id, true, by: .implicit) {
            _ = try replica.record([edit], as: context.words, at: context.now)
        }
        return try replica.article(id.description)
    }
}
