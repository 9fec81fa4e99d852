import ArgumentParser
import FeedEngine
import FeedFormats
import FeedSession
import SQLiteReplica
import SyncCore

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

    @Option(help: ArgumentHelp("A folder to put it in; can be given several times.", valueName: "folder"))
    var tag: [String] = []

    func run(in context: Context) async throws {
        let tags = try tag.map { try TagWord.parse($0) }
        guard case .address(let address) = try FeedSource(url) else {
            throw CommandFailure.usage(
                "'\(url)' is no address",
                remedy: "to see what is in a file, run '\(context.command("feeds check FILE"))'")
        }
        let replica = try context.openOrCreate()
        let refresh = FeedRefresh.over(replica, context)
        let title = title
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        var (addition, choice) = (
            try await Interruption.guarding { try await refresh.add(address, title: title, tags: tags) }, address
        )
        if case .choices(let feeds) = addition {
            choice = try choose(feeds, context)
            let chosen = choice
            addition = try await Interruption.guarding { try await refresh.add(chosen, title: title, tags: tags) }
        }
        try FullTextIndex.complete(replica, progress)
        progress.finish()
        try conclude(addition, address: choice, context)
    }

    private func conclude(_ addition: FeedAddition, address: String, _ context: Context) throws {
        let output = context.output
        switch addition {
        case .choices(let feeds): throw FeedChoice.failure(feeds, of: address, command: "add", context)
        case .known(let subscription):
            output.result(
                .object(["added": .bool(false), "feed": FeedRendering.json(subscription)]),
                lines: [StyledText("you have it already: ") + StyledText(subscription.shownTitle, .bold)])
        case .added(let subscription, let summary, let warnings):
            output.result(
                .object([
                    "added": .bool(true), "feed": FeedRendering.json(subscription),
                    "newArticles": .count(summary.added), "warnings": .array(warnings.map { .string($0) }),
                ]),
                lines: [
                    StyledText("added ") + StyledText(subscription.shownTitle, .bold)
                        + StyledText(": \(Plural.articles(summary.added))")
                ])
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
