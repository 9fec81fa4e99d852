import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

/// `feeds`: what is read, and how it goes.
struct FeedsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feeds", abstract: "List feeds, look into one, change, move in and out.",
        subcommands: [
            List.self, FeedCheckCommand.self, FeedEditCommand.self, FeedRemoveCommand.self, FeedImportCommand.self,
            FeedExportCommand.self, FeedRetainCommand.self,
        ],
        defaultSubcommand: List.self)

    struct List: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the feeds, with how many articles are unread (default).",
            discussion: """
                Marks: + a feed that this replica reads itself, ! one that could not be read the last time, x one that \
                its server says is gone.
                """)

        @OptionGroup var shared: SharedOptions

        func run(in context: Context) async throws {
            let feeds = try context.open(.reading).feeds()
            let output = context.output
            output.result(
                .list(feeds.map { FeedRendering.json($0) }),
                lines: feeds.isEmpty
                    ? [] : FeedRendering.table(feeds, now: context.now).lines(width: output.terminal.width))
            if feeds.isEmpty { output.remark("no feeds yet → \(context.command("add URL"))") }
            for feed in feeds {
                guard let direct = feed.direct, let problem = direct.fetch.problem else { continue }
                output.remark(StyledText("! ", .warning) + StyledText("\(direct.feed.text): \(problem)"))
            }
        }
    }
}

/// A feed that is named on the command line by the id that `feeds` lists.
enum FeedName {
    /// The subscription called `text`.
    static func find(_ text: String, in replica: Replica, _ context: Context) throws -> FeedSubscription {
        let subscriptions = try replica.subscriptions()
        if let found = subscriptions.first(where: { $0.feed.text == text || $0.fetch.url == text }) { return found }
        let known = subscriptions.map(\.feed.text)
        if let other = try replica.feeds().first(where: { $0.feed.id.text == text }) {
            guard !other.isFormer else {
                throw CommandFailure(
                    .notFound, "notSubscribed", "the feed '\(text)' was removed; only articles of it are kept",
                    remedy: "to read it again, run '\(context.command("add \(other.feed.url ?? "URL")"))'")
            }
            throw CommandFailure(
                .notFound, "notDirect", "the feed '\(text)' comes from the server, not from this replica",
                remedy: "change it where the server is run")
        }
        throw CommandFailure(
            .notFound, "notFound", "there is no feed '\(text)'",
            remedy: "run '\(context.command("feeds"))' to see them",
            candidates: Spelling.nearest(to: text, among: known))
    }
}

/// Titles that a person gives to feeds.
enum FeedTitle {
    /// The title on one line.
    static func checked(_ text: String) throws -> String {
        let line = SafeText.line(text)
        guard line.contains(where: { !$0.isWhitespace }), line.utf8.count <= 1_000 else {
            throw CommandFailure.usage("'\(text.prefix(80))' is no title: it has 1 to 1000 bytes that can be seen")
        }
        return line
    }
}

/// `feeds edit`.
struct FeedEditCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Rename a feed of one's own, or move it between folders.")

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The feed's id, as 'feeds' lists it.", completion: Completions.names(.ownFeed))
    var feed: String

    @Option(help: "What to call it; empty: what its publisher does.")
    var title: String?

    @Option(
        help: ArgumentHelp("A folder to put it in.", valueName: "folder"), completion: Completions.names(.folder))
    var tag: [String] = []

    @Option(
        help: ArgumentHelp("A folder to take it out of.", valueName: "folder"),
        completion: Completions.names(.folder))
    var untag: [String] = []

    func validate() throws {
        if title == nil, tag.isEmpty, untag.isEmpty { throw ValidationError("say --title, --tag or --untag") }
    }

    func run(in context: Context) async throws {
        let replica = try context.open(.writing)
        var subscription = try FeedName.find(feed, in: replica, context)
        if let title { subscription.ownTitle = title.isEmpty ? nil : try FeedTitle.checked(title) }
        let leaving = try untag.map { try TagWord.parse($0) }
        if let other = leaving.first(where: { !subscription.tags.contains($0) }) {
            throw CommandFailure(
                .notFound, "notFound", "'\(feed)' is not in a folder '\(other)'",
                candidates: Spelling.nearest(to: other.text, among: subscription.tags.map(\.text)))
        }
        let tags = Set(subscription.tags).union(try tag.map { try TagWord.parse($0) }).subtracting(leaving)
        subscription.tags = tags.sorted()
        try replica.subscribe([subscription])
        context.output.result(
            FeedRendering.json(subscription),
            lines: [
                StyledText(subscription.feed.text, .accent) + "  " + StyledText(subscription.shownTitle)
                    + StyledText(subscription.tags.map { " #" + $0.text }.joined(), .dim)
            ])
    }
}

/// `feeds remove`.
struct FeedRemoveCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Unsubscribe from a feed of one's own.",
        discussion: "Its articles stay for as long as 'feeds retain' says, the saved, tagged and noted ones for good.")

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The feeds' ids, as 'feeds' lists them.", completion: Completions.names(.ownFeed))
    var feed: [String]

    func validate() throws {
        if feed.isEmpty { throw ValidationError("name at least one feed") }
    }

    func run(in context: Context) async throws {
        let replica = try context.open(.writing)
        let subscriptions = try feed.map { try FeedName.find($0, in: replica, context) }
        for subscription in subscriptions { _ = try replica.unsubscribe(subscription.feed) }
        context.output.result(
            .object(["removed": .array(subscriptions.map { .string($0.feed.text) })]),
            lines: subscriptions.map { StyledText("removed \($0.shownTitle)") })
    }
}

/// `feeds retain`.
struct FeedRetainCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "retain", abstract: "Say how long articles stay that no feed of one's own has any more.",
        discussion: """
            Counted from the day the article fell out of the last feed. Saved, tagged and noted articles stay for good. \
            Of the others the text goes; that you read them stays known. For articles of a certain age, wherever they are \
            from, see 'retain'. Without an argument, says what holds now.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: ArgumentHelp("A span (90d, 52w) or 'forever'.", valueName: "span"))
    var span: String?

    /// For good, in place of a span.
    static let unbounded = "forever"

    /// The span that a text is, in milliseconds; `nil`: for good.
    ///
    /// - Throws: ``CommandFailure`` if it is no span of time.
    static func span(_ text: String) throws -> Int64? {
        guard text != unbounded else { return nil }
        if let span = TimeText.span(text) { return span }
        throw CommandFailure.usage("'\(text)' is no span of time", remedy: "write 90d, 52w or \(unbounded)")
    }

    func run(in context: Context) async throws {
        let replica = try context.open(span == nil ? .reading : .writing)
        if let span { try replica.setRetention(Self.span(span)) }
        let span = try replica.retention
        let days = span.map { $0 / 86_400_000 }
        let words = span.map {
            $0 % 86_400_000 == 0 ? Plural.of($0 / 86_400_000, "day") : Plural.of($0 / 60_000, "minute")
        }
        context.output.result(
            .object(["days": days.map { .count($0) } ?? .null, "minutes": span.map { .count($0 / 60_000) } ?? .null]),
            lines: [
                StyledText(
                    words.map { "articles stay \($0) after they left their feeds" }
                        ?? "articles stay for good")
            ])
    }
}
