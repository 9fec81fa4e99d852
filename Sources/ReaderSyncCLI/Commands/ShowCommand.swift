import SyncPorts
import ArgumentParser
import HTTPRemote
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
        help: ArgumentHelp("The beginning of its id (4 digits or more), or its URL.", valueName: "article"))
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
        var detail = try replica.article(article)
        if revisions {
            let held = try replica.revisions(of: detail.summary.id)
            output.result(
                .list(held.map { RevisionRendering.json($0) }),
                lines: RevisionRendering.lines(held, width: output.terminal.textWidth))
            return
        }
        if detail.isBodyAbsent { detail = try await fetched(detail, replica, context) }
        if html, !output.isJSON {
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

    /// The article with the text that the server has, if the server can be asked: one request. The text is kept until the
    /// next sync drops what is not wanted.
    private func fetched(
        _ detail: ArticleDetail, _ reading: Replica, _ context: Context
    ) async throws -> ArticleDetail {
        guard let request = try reading.historyOfBody(of: detail.summary.id),
            let remote = try? HTTPRemote.of(reading, context)
        else { return detail }
        do {
            let page = try await context.interruptible { try await remote.catalogPage(request) }
            let replica = try context.open(.writing)
            _ = try replica.restoreBodies(from: page, wanted: .all, only: detail.summary.id)
            return try replica.article(detail.summary.id.description)
        } catch let error as RemoteError where error.code != .cancelled {
            context.output.warn("the text is not kept here, and the server cannot be asked for it: \(error.detail)")
            return detail
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
