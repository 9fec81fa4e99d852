import ArgumentParser
import ReferenceServer

/// `feeds`: what the catalog is read from.
struct FeedsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feeds", abstract: "List, add and forget the URLs that feeds are read from.",
        subcommands: [List.self, Add.self, Forget.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the URLs with their state (the default).",
            discussion: "Instants are UTC (RFC 3339 in JSON). A feed that is gone is fetched only when it is named.")

        @OptionGroup var database: DatabaseOption
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let sources = try database.open().feedSources()
            if json { return try Output.json(sources.map(FeedSourceJSON.init)) }
            guard !sources.isEmpty else { return Output.talk("no feed is read from a URL") }
            let head = ["FEED", "CHECKED", "CHANGED", "NEXT", "STATE", "URL"]
            Output.table(head, sources.map(Self.row))
        }

        private static func row(_ source: FeedSourceStatus) -> [String] {
            let name = source.feed.map { "\(source.publication ?? "")/\($0)" } ?? "(not read yet)"
            let next = source.isGone ? "never" : Output.instant(max(source.due, source.pausedUntil ?? source.due))
            return [
                name, Output.instant(source.checked), Output.instant(source.changed),
                source.checked == nil ? "now" : next, state(source), source.url,
            ]
        }

        private static func state(_ source: FeedSourceStatus) -> String {
            if source.isGone { return "gone for good" }
            if let problem = source.problem {
                return source.failures > 1 ? "failed \(source.failures) times: \(problem)" : "failed: \(problem)"
            }
            if let address = source.movingTo { return "moving to \(address)" }
            return source.checked == nil ? "new" : "good"
        }
    }

    struct Forget: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch a feed no more; its articles stay.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "The URL, or the feed's id.") var name: String

        func run() throws {
            try database.open().forgetFeedSource(name)
            Output.talk("forgot \(Output.printable(name)); its articles stay")
        }
    }
}
