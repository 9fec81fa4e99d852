import ArgumentParser
import ReaderScreen
import SQLiteReplica
import SyncCore
import TerminalText

struct ReadCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read on the full screen; with articles, mark them read.",
        discussion: """
            Without articles and without --all it opens the full-screen reader, on the list that the filters describe or \
            on what is unread. Marks are applied at once, and need no network. '?' shows the keys:

            \(KeyBinding.table.joined(separator: "\n"))

            How far you read an article is recorded when you leave it, and opening it again goes on there; its end is 100 %, \
            and stays so. 'reader-sync progress' sets it by hand.

            Pictures that 'sync --images' kept are shown in kitty, iTerm2 and terminals that speak as they do, and as \
            sixels in terminals and tmux that say they know them, for which \(SixelConverter.name) has to be installed \
            (Debian: \(SixelConverter.package)). Elsewhere there are captions.

            --all marks the articles that are unread on this device at this moment, narrowed by the filters: a list, \
            never a wildcard, so that nothing you have not seen is marked.
            """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var references: ArticleReferences
    @OptionGroup var filters: FilterOptions

    @Flag(help: "All that are unread here now and pass the filters.")
    var all = false

    func validate() throws {
        if all, !references.articles.isEmpty { throw ValidationError("name articles or give --all, not both") }
    }

    func run(in context: Context) async throws {
        var filter = try filters.filter(now: context.now)
        if !all, references.articles.isEmpty {
            let terminal = context.output.terminal
            guard terminal.inputIsTerminal, terminal.width != nil, !context.output.isJSON else {
                throw CommandFailure.usage(
                    "name the articles, or give --all with filters",
                    remedy: "on a terminal, '\(context.command("read"))' alone opens the full-screen reader")
            }
            return try await FullScreenReader.run(filter, filters, context)
        }
        if !all, filter != ArticleFilter() {
            throw CommandFailure.usage("the filters narrow --all, not articles that are named")
        }
        let replica = try context.open(.writing)
        filter.unread = true
        let articles =
            try all ? replica.articleIDs(filter) : ArticleReferences.resolve(references.articles, in: replica)
        if all, articles.isEmpty { try filters.checkFeed(in: replica) }
        let origin: MarkOrigin = all ? .bulk : .explicit
        try await Recording.record(
            articles.compactMap { .read($0, true, by: origin) }, in: replica, context,
            articles: all ? nil : articles
        ) { "marked \(Plural.articles($0)) read" }
    }
}

struct UnreadCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "unread", abstract: "Mark articles unread.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var references: ArticleReferences

    func validate() throws { try references.checkNamed() }

    func run(in context: Context) async throws {
        try await references.mark(context) {
            .read($0, false, by: .explicit)
        } done: {
            "marked \(Plural.articles($0)) unread"
        }
    }
}

struct SaveCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "save", abstract: "Save articles for later.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var references: ArticleReferences

    func validate() throws { try references.checkNamed() }

    func run(in context: Context) async throws {
        try await references.mark(context) {
            .saved($0, true)
        } done: {
            "saved \(Plural.articles($0))"
        }
    }
}

struct UnsaveCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "unsave", abstract: "Let saved articles go.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var references: ArticleReferences

    func validate() throws { try references.checkNamed() }

    func run(in context: Context) async throws {
        try await references.mark(context) {
            .saved($0, false)
        } done: {
            "let go of \(Plural.articles($0))"
        }
    }
}

extension ArticleReferences {
    func checkNamed() throws {
        if articles.isEmpty { throw ValidationError("name at least one article") }
    }

    /// Makes one edit for each article.
    func mark(_ context: Context, edit: (ArticleID) -> Edit?, done: (Int) -> String) async throws {
        let replica = try context.open(.writing)
        let ids = try Self.resolve(articles, in: replica)
        try await Recording.record(ids.compactMap(edit), in: replica, context, articles: ids, done: done)
    }
}

struct ProgressCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "progress", abstract: "Say how far an article was read.")

    @OptionGroup var shared: SharedOptions

    @Argument(
        help: "The beginning of its id (4 digits or more), or its URL.", completion: Completions.names(.article))
    var article: String

    @Argument(help: ArgumentHelp("0% to 100%, with up to two decimals.", valueName: "percent"))
    var amount: String

    func run(in context: Context) async throws {
        guard let points = Self.points(amount) else {
            throw CommandFailure.usage("'\(amount)' is not 0% to 100%", remedy: "write 40% or 12.5%")
        }
        let replica = try context.open(.writing)
        let id = try replica.articleID(article)
        try await Recording.record([.progress(id, points)].compactMap { $0 }, in: replica, context, articles: [id]) {
            _ in
            "read to \(ValueRendering.percent(points))"
        }
    }

    /// Basis points of `12`, `12%` or `12.5%`.
    static func points(_ text: String) -> Int? {
        let number = text.hasSuffix("%") ? text.dropLast() : text[...]
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let whole = Int(parts[0]), whole <= 100, parts.count == 1 || parts[1].count <= 2
        else { return nil }
        let fraction = parts.count == 1 ? 0 : (Int(parts[1]) ?? 0) * (parts[1].count == 1 ? 10 : 1)
        let points = whole * 100 + fraction
        return points <= Value.maximumProgress ? points : nil
    }
}
