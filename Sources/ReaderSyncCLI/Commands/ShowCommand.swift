import SyncPorts
import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct ShowCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an article.",
        discussion: """
            Opening an article marks it read, as in any reader, but as a lesser mark: on another device an explicit \
            'unread' beats it. --peek leaves it as it is; so do --changes, --revisions and --html. An article that was \
            corrected since you read it ('list --updated') counts as known again once it is opened.
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

    @Flag(help: "Show which words changed since you read it.")
    var changes = false

    @Option(help: ArgumentHelp("Show the related article with this number instead.", valueName: "number"))
    var related: Int?

    @Flag(help: "Print the text as HTML.")
    var html = false

    func validate() throws {
        if [revisions, html, changes].filter({ $0 }).count > 1 {
            throw ValidationError("give one of --revisions, --changes and --html")
        }
    }

    func run(in context: Context) async throws {
        let output = context.output
        let replica = try context.open(.reading)
        var detail = try found(try ArticleReferences.one(article), in: replica)
        if let related {
            let id = try RelatedReferences(detail.article, in: replica).article(related)
            detail = try replica.article(id.description)
        }
        if changes { return try showChanges(of: detail, replica, context) }
        if revisions {
            let held = try replica.revisions(of: detail.summary.id)
            output.result(
                .list(held.map { RevisionRendering.json($0) }),
                lines: RevisionRendering.lines(held, width: output.terminal.textWidth))
            return
        }
        if detail.isBodyAbsent { detail = try await fetched(detail, replica, context) }
        if html, !output.isForPrograms {
            output.verbatim(detail.article.bodyHTML)
            return
        }
        let references = try RelatedReferences(detail.article, in: replica)
        if !peek, !html, !detail.isRemoved, !detail.summary.isRead || detail.summary.correctedSinceRead {
            let obstacle = replica.obstacle
            try replica.close()
            detail = try noted(detail, despite: obstacle, context)
        }
        output.result(
            DetailRendering.json(detail, references),
            lines: DetailRendering.lines(detail, references, width: output.terminal.textWidth))
    }

    /// The article marked read; as it is, with a word about it, where nothing can be written.
    private func noted(
        _ detail: ArticleDetail, despite obstacle: ReplicaError?, _ context: Context
    ) throws -> ArticleDetail {
        do {
            if let obstacle { throw obstacle }
            return try context.open(.writing).noteOpened(detail, as: context.words, at: context.now)
        } catch {
            let failure = CommandFailure(error)
            guard failure.isForWantOfWriting else { throw error }
            context.output.warn("not marked read: \(failure.message)")
            return detail
        }
    }

    /// The article with the text that the server has, if the server can be asked and the text be kept.
    private func fetched(
        _ detail: ArticleDetail, _ replica: Replica, _ context: Context
    ) async throws -> ArticleDetail {
        guard replica.obstacle == nil else { return detail }
        let id = detail.summary.id
        do {
            let answer = try await context.interruptible { try await AbsentText.restore(id, known: replica, context) }
            return answer == .restored ? try replica.article(id.description) : detail
        } catch let error as RemoteError where error.code != .cancelled {
            context.output.warn("the text is not kept here, and the server cannot be asked for it: \(error.detail)")
        } catch let error as CommandFailure where error.status == .refused {
            context.output.warn("the text is not kept here, and the server cannot be asked for it: \(error.line)")
        }
        return detail
    }

    private func showChanges(of detail: ArticleDetail, _ replica: Replica, _ context: Context) throws {
        let (id, output) = (detail.summary.id, context.output)
        guard let changes = try ArticleChanges(since: id, in: replica) else {
            throw CommandFailure(.notFound, "notFound", "no revision of the article is held here")
        }
        output.result(changes.json(id), lines: changes.lines(width: output.terminal.textWidth))
        guard changes.read == nil else { return }
        output.remark(
            detail.summary.isRead
                ? "the revision that you read is not held here → \(context.command("show \(id) --revisions"))"
                : "you have not read it yet")
    }

    private func found(_ reference: String, in replica: Replica) throws -> ArticleDetail {
        do throws(ReplicaError) { return try replica.article(reference) } catch {
            var failure = CommandFailure(error)
            if error.code == .notFound { failure.candidates = ArticleReferences.near(reference, in: replica) }
            throw failure
        }
    }
}
