import ArgumentParser
import FeedEngine
import FeedFormats
import FeedSession
import SQLiteReplica
import SyncCore
import SystemPorts
import TerminalText

/// `add`: subscribes to a feed that this replica reads itself.
struct AddCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Subscribe to a feed: RSS, Atom or JSON Feed, no server needed.",
        discussion: """
            Takes the address of a feed, or of a page that names one. The feed is read at once, and again with every \
            'sync'. What you mark stays on this replica, and goes to a server if you log in to one later. Makes the \
            replica if there is none.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: ArgumentHelp("The feed, or a page that names it.", valueName: "url"))
    var url: String

    @Option(help: "What to call it. Default: what its publisher does.")
    var title: String?

    @Option(
        help: ArgumentHelp("A folder to put it in; can be given several times.", valueName: "folder"),
        completion: Completions.names(.folder))
    var tag: [String] = []

    func run(in context: Context) async throws {
        let tags = try tag.map { try TagWord.parse($0) }
        let title = try title.map { try FeedTitle.checked($0) }
        guard case .address(let address) = try FeedSource(url) else {
            throw CommandFailure.usage(
                "'\(url)' is no address",
                remedy: "to see what is in a file, run '\(context.command("feeds check FILE"))'")
        }
        let replica = try context.openOrCreate()
        let refresh = FeedRefresh.over(replica, context)
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        var (addition, choice) = (
            try await context.interruptible { try await refresh.add(address, title: title, tags: tags) }, address
        )
        if case .choices(let feeds) = addition {
            choice = try choose(feeds, context)
            let chosen = choice
            addition = try await context.interruptible { try await refresh.add(chosen, title: title, tags: tags) }
        }
        try await context.interruptible { try FullTextIndex.complete(replica, progress) }
        progress.finish()
        try conclude(addition, address: choice, replica, context)
    }

    /// A feed that is there takes on the title and the folders that were given.
    private func changed(_ known: FeedSubscription, _ replica: Replica) throws -> FeedSubscription {
        var subscription = known
        if let title { subscription.ownTitle = title }
        subscription.tags = Set(known.tags).union(try tag.map { try TagWord.parse($0) }).sorted()
        if subscription != known { try replica.subscribe([subscription]) }
        return subscription
    }

    private func conclude(
        _ addition: FeedAddition, address: String, _ replica: Replica, _ context: Context
    ) throws {
        let output = context.output
        switch addition {
        case .choices(let feeds): throw FeedChoice.failure(feeds, of: address, command: "add", context)
        case .known(let known):
            let subscription = try changed(known, replica)
            output.result(
                .object([
                    "added": .bool(false), "changed": .bool(subscription != known),
                    "feed": FeedRendering.json(subscription),
                ]),
                lines: [
                    StyledText("you have it already: ") + StyledText(subscription.shownTitle, .bold)
                        + StyledText(subscription.tags.map { " #" + $0.text }.joined(), .dim)
                ])
        case .added(let subscription, let summary, let warnings, let isDamaged):
            output.result(
                .object([
                    "added": .bool(true), "feed": FeedRendering.json(subscription),
                    "newArticles": .count(summary.added), "damaged": .bool(isDamaged),
                    "warnings": .array(warnings.map { .string($0) }),
                ]),
                lines: [
                    StyledText("added ") + StyledText(subscription.shownTitle, .bold)
                        + StyledText(": \(Plural.articles(summary.added))")
                ])
            if isDamaged { output.warn("the feed is damaged: \(warnings.first ?? "part of it is missing")") }
            if !warnings.isEmpty {
                output.remark(
                    StyledText("\(Plural.of(warnings.count, "oddity", "oddities")) in the feed → ", .dim)
                        + StyledText(context.command("feeds check \(subscription.fetch.url)")))
            }
            output.remark(
                StyledText("  → ", .dim) + StyledText(context.command("list --feed \(subscription.feed.text)")))
        }
    }

    /// Asks which of a page's feeds is meant; where nobody can be asked, says which there are.
    private func choose(_ feeds: [DiscoveredFeed], _ context: Context) throws -> String {
        let output = context.output
        guard output.terminal.inputIsTerminal, !output.isJSON else {
            throw FeedChoice.failure(feeds, of: url, command: "add", context)
        }
        for (index, feed) in feeds.enumerated() {
            output.say(
                StyledText("\(index + 1)  ", .accent) + StyledText(feed.title ?? "") + StyledText("  \(feed.url)", .dim)
            )
        }
        let number = try Question.number("Which one?", upTo: feeds.count, output: output)
        return feeds[number - 1].url
    }
}
