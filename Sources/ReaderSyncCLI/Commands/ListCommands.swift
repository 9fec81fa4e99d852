import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct ListCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List articles, the newest first.",
        discussion: """
            Marks: * unread, s saved, n with a note, + corrected since you read it, $ for subscribers. A list that \
            goes on ends with the token for --after.
            """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var filters: FilterOptions
    @OptionGroup var paging: PagingOptions

    @Option(help: ArgumentHelp("Go on behind this place: a list's 'next'.", valueName: "token"))
    var after: String?

    func run(in context: Context) async throws {
        let token = try after.map { text in
            guard let token = PageToken(text) else {
                throw CommandFailure.usage(
                    "'\(text)' is not where a list goes on", remedy: "use a list's 'next'")
            }
            return token
        }
        let replica = try context.open(.reading)
        let page = try replica.articles(
            try filters.filter(now: context.now), limit: try paging.checked(context), after: token)
        if page.articles.isEmpty { try filters.checkFeed(in: replica) }
        let output = context.output
        let next = page.next?.description
        output.result(
            .list(page.articles.map { .object(ArticleRendering.json($0)) }, next: next),
            lines: ArticleRendering.table(page.articles, now: context.now).lines(width: output.terminal.width)
        )
        if let next { output.remark(StyledText("more: --after \(next)", .dim)) }
        if page.articles.isEmpty, token == nil {
            output.remark("no articles here")
            if let next = try filters.isEmpty ? Self.firstStep(replica) : nil {
                output.remark(StyledText("  → ", .dim) + StyledText(context.command(next)))
            }
        }
    }
}

extension ListCommand {
    /// What brings articles to a replica that has none.
    private static func firstStep(_ replica: Replica) throws -> String {
        let hasSource = try replica.remote() != nil || !replica.subscriptions().isEmpty
        return hasSource ? "sync" : "add URL"
    }
}

/// How much of a list is shown.
struct PagingOptions: ParsableArguments {
    /// What `--limit` may be.
    static let range = 1...100_000
    /// What it is where nobody says otherwise.
    static let standard = 50

    @Option(name: .shortAndLong, help: "Most items, 1 to 100000. Default: the configuration's list.limit, then 50.")
    var limit: Int?

    func checked(_ context: Context) throws -> Int {
        let limit = limit ?? context.settings.listLimit ?? Self.standard
        guard Self.range.contains(limit) else {
            throw CommandFailure.usage(
                "--limit is \(Self.range.lowerBound) to \(Self.range.upperBound), not \(limit)",
                remedy: "leave it out to have \(context.settings.listLimit ?? Self.standard)")
        }
        return limit
    }
}

struct SearchCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search headlines, standfirsts, bylines and texts.",
        discussion: """
            Lists the best matches first, of the newest 1000 articles that have all the words. Whole words are found: \
            'librar*' finds all that begin so, '"night librarian"' words that follow each other. Chinese, Japanese, \
            Thai, Lao, Khmer and Burmese words are found within texts that are kept here, the newest first.
            """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var filters: FilterOptions
    @OptionGroup var paging: PagingOptions

    @Argument(help: "What to look for.")
    var query: [String]

    func validate() throws {
        if query.isEmpty { throw ValidationError("say what to search for") }
    }

    func run(in context: Context) async throws {
        let replica = try context.open(.reading)
        let filter = try filters.filter(now: context.now)
        let (text, limit) = (query.joined(separator: " "), try paging.checked(context))
        let result = try await context.interruptible(saying: .unfound) {
            let result = try replica.search(text, filter, limit: limit, while: { !Task.isCancelled })
            if Task.isCancelled { throw CommandFailure.unfound }
            return result
        }
        if result.hits.isEmpty { try filters.checkFeed(in: replica) }
        let output = context.output
        output.result(
            .object([
                "items": .array(result.hits.map { ArticleRendering.json($0) }), "next": .null,
                "hasMore": .bool(result.hasMore),
            ]),
            lines: result.hits.flatMap { ArticleRendering.lines($0, width: output.terminal.width) })
        if result.hasMore {
            output.remark(StyledText("there is more: raise --limit or say more words", .dim))
        }
        if result.hits.isEmpty { output.remark("nothing found") }
        let missing = try replica.unindexedCount()
        if missing > 0 {
            output.warn(
                "the \(Plural.articles(missing)) that came last cannot be searched: nothing can be written here")
        }
    }
}

extension CommandFailure {
    fileprivate static let unfound = CommandFailure(
        .interrupted, "interrupted", "stopped searching",
        remedy: "give --since, --feed or --section to look through less")
}

struct LogCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "List what was changed, here and on other devices, the newest first.",
        discussion: "A change that was made here stands beside its command and that command's number: 'undo NUMBER'.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var paging: PagingOptions

    @Option(help: ArgumentHelp("Go on behind this place.", valueName: "place"))
    var after: Int64?

    func run(in context: Context) async throws {
        let replica = try context.open(.reading)
        let limit = try paging.checked(context)
        let records = try replica.log(limit: limit, after: after)
        let next = records.count == limit ? records.last.map { String($0.place) } : nil
        let (output, naming) = (context.output, EntityNaming(replica))
        output.result(
            .list(records.map { LogRendering.json($0, naming.devices) }, next: next),
            lines: LogRendering.table(records, naming: naming).lines(width: output.terminal.width))
        if let next { output.remark(StyledText("more: --after \(next)", .dim)) }
    }
}

struct StatusCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say where the replica stands: what is readable offline, pending, set aside, in conflict.")

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws {
        let replica = try context.open(.reading)
        let (status, feeds) = (try replica.status(), try replica.subscriptions())
        let offline = try replica.offlineStatus()
        let file = TokenFile(files: context.files, replica: context.path)
        let isLoggedIn = status.remote.map { file.holdsToken(for: $0) } ?? false
        context.output.result(
            StatusRendering.json(status, offline: offline, feeds: feeds, path: context.path, isLoggedIn: isLoggedIn),
            lines: StatusRendering.lines(
                status, offline: offline, feeds: feeds, path: context.path, isLoggedIn: isLoggedIn, now: context.now,
                command: context.command
            ))
    }
}
