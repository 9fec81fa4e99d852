import ArgumentParser
import FeedEngine
import FeedFormats
import FeedSession
import SQLiteReplica
import SyncCore

import struct FoundationEssentials.Data
import TerminalText

/// `feeds import`: subscriptions from another reader.
struct FeedImportCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Subscribe to the feeds of an OPML list, or of newsboat's 'urls'.",
        discussion:
            """
            Folders become tags. What is subscribed already is put in the folders that the list has it in, beside its own, \
            and stays as it is else. Makes the replica if there is none.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(
        help: ArgumentHelp("The list, or - for standard input.", valueName: "file"),
        completion: .file(extensions: ["opml", "xml"]))
    var file: String

    func run(in context: Context) async throws {
        let name = file == "-" ? nil : file
        // All of the list is added in one transaction, or nothing.
        let (list, result) = try await context.interruptible(saying: .dismissed) {
            let list = try Self.read(name)
            guard !Task.isCancelled else { throw CommandFailure.dismissed }
            let replica = try context.openOrCreate()
            return (list, try await FeedRefresh.over(replica, context).subscribe(to: list))
        }
        let warnings =
            list.warnings.map(\.message) + result.untaken.map { "the folder '\($0.prefix(80))' cannot be a tag" }
        let output = context.output
        output.result(
            .object([
                "added": .count(result.added), "known": .count(result.known), "tagged": .count(result.tagged),
                "warnings": .array(warnings.map { .string($0) }),
            ]),
            lines: [
                StyledText(
                    "\(Plural.of(result.added, "feed")) added"
                        + (result.known > 0 ? ", \(result.known) known already" : "")
                        + (result.tagged > 0 ? ", \(result.tagged) of them put in more folders" : ""))
            ])
        for warning in warnings { output.warn(warning) }
        if result.added > 0 { output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync"))) }
    }

    private static func read(_ name: String?) throws -> SubscriptionList {
        let data = try FeedSource.bytes(of: name, limit: FeedLimits.default.documentBytes)
        do throws(FeedError) {
            return try NewsboatURLs.isList(data) ? NewsboatURLs.parse(data) : OPML.parse(data)
        } catch {
            throw CommandFailure(.failure, error.code.rawValue, error.context, remedy: error.remedy)
        }
    }
}

/// `feeds export`.
struct FeedExportCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write one's own feeds as OPML, for other readers.")

    @OptionGroup var shared: SharedOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write to this file. Default: standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    func run(in context: Context) async throws {
        let subscriptions = try context.open(.reading).subscriptions()
        let list = SubscriptionList(
            title: "reader-sync",
            subscriptions: subscriptions.map { subscription in
                Subscription(
                    title: subscription.shownTitle, feedURL: subscription.fetch.url, siteURL: subscription.siteURL,
                    tags: subscription.tags.map(\.text))
            })
        let text = String(decoding: OPML.write(list, created: context.now.milliseconds), as: UTF8.self)
        guard let output else {
            if context.output.isForPrograms {
                context.output.result(.object(["opml": .string(text)]), lines: [])
            } else {
                context.output.verbatim(text)
            }
            return
        }
        try FileText.write(text, to: output)
        context.output.result(
            .object(["path": .string(output), "feeds": .count(subscriptions.count)]),
            lines: [StyledText("\(Plural.of(subscriptions.count, "feed")) written to \(output)")])
    }
}
