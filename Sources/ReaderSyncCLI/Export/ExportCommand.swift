import ArgumentParser
import Editions
import SQLiteReplica
import SyncCore
import SystemPorts
import TerminalText

struct ExportCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write articles as an EPUB, a web page or JSON lines; or the reader's state.",
        discussion: """
            Without filters it is the saved articles, the newest first; --all takes those that are not saved too. The file \
            appears whole or not at all, Ctrl-C or not, and none is overwritten without --force; - is standard output. Pictures are \
            those that are kept here: nothing is fetched.
            With --state: all marks, tags, notes, subscriptions and consents, the same bytes on all devices that have \
            synced. One's own feeds: 'feeds export'.
            """)

    @OptionGroup var shared: SharedOptions

    @Option(
        help: ArgumentHelp("Write an EPUB 3 to this file.", valueName: "file"), completion: .file(extensions: ["epub"]))
    var epub: String?

    @Option(
        help: ArgumentHelp("Write one web page, pictures in it, that needs no network.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var html: String?

    @Option(
        help: ArgumentHelp("Write a line of JSON for each article, as 'show --json' prints it.", valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var jsonl: String?

    @Flag(help: "Print the reader's state.")
    var state = false

    @OptionGroup var filters: FilterOptions

    @Flag(help: "All articles, not only saved ones.")
    var all = false

    @Option(name: .shortAndLong, help: "Most articles, 1 to 100000.")
    var limit = 1000

    @Option(help: "The title of the EPUB or page.")
    var title: String?

    @Flag(help: "Overwrite a file that is there already.")
    var force = false

    func validate() throws {
        let named = [epub, html, jsonl].compactMap { $0 }.count + (state ? 1 : 0)
        if named == 0 { throw ValidationError("say what to export: --epub, --html, --jsonl or --state") }
        if named > 1 { throw ValidationError("give one of --epub, --html, --jsonl and --state") }
        if all, filters.saved { throw ValidationError("--all and --saved cannot be given together") }
        if title != nil, epub == nil, html == nil { throw ValidationError("--title is of an EPUB or a page") }
    }

    func run(in context: Context) async throws {
        var filter = try filters.filter(now: context.now)
        if state {
            guard filter == ArticleFilter(), !all else {
                throw CommandFailure.usage("filters narrow articles, and --state has none")
            }
            return context.output.verbatim(try context.open(.reading).exportState())
        }
        guard (1...100_000).contains(limit) else {
            throw CommandFailure.usage("--limit is 1 to 100000, not \(limit)")
        }
        guard epub == nil || limit <= EPUBWriter.maximumArticles else {
            throw CommandFailure.usage("an EPUB holds at most \(EPUBWriter.maximumArticles) articles, not \(limit)")
        }
        let isOfSaved = filter == ArticleFilter() && !all
        if isOfSaved { filter.saved = true }
        let (format, path) = try target()
        try OutputFile.check(path, overwrites: force, isText: format == .jsonLines, context)
        let replica = try context.open(.reading)
        let plan = try ExportPlan(filter, limit: limit, in: replica)
        if plan.articles.isEmpty {
            try filters.checkFeed(in: replica)
            throw CommandFailure(
                .notFound, "notFound", isOfSaved ? "no article is saved" : "no article passes the filters",
                remedy: isOfSaved ? "save some, or give --all or filters as of 'list'" : nil)
        }
        let export = ArticleExport(
            format: format, path: path, overwrites: force, title: title ?? Self.title(isOfSaved, context.now),
            plan: plan)
        let done = try await context.interruptible(saying: export.unwritten) { try export.run(replica, context) }
        report(done, path, context)
    }

    private func target() throws -> (ArticleExport.Format, String) {
        if let epub { return (.epub, epub) }
        if let html { return (.html, html) }
        return (.jsonLines, jsonl ?? "-")
    }

    private static func title(_ isOfSaved: Bool, _ now: WallTime) -> String {
        (isOfSaved ? "Saved articles, " : "Articles, ") + TimeText.localDate(now)
    }

    private func report(_ done: ArticleExport.Done, _ path: String, _ context: Context) {
        let output = context.output
        if done.hasMore {
            output.warn("these are the newest \(limit); --limit takes more")
        }
        if done.missing > 0 { output.warn("a sync took \(Plural.articles(done.missing)) away meanwhile") }
        guard path != "-" else { return }
        let images = done.images > 0 ? ", \(Plural.of(done.images, "picture"))" : ""
        output.result(
            .object([
                "path": .string(path), "articles": .count(done.articles), "images": .count(done.images),
                "bytes": .count(done.bytes), "hasMore": .bool(done.hasMore),
            ]),
            lines: output.isQuiet
                ? []
                : [StyledText("\(Plural.articles(done.articles))\(images) written to \(path), \(done.bytes) bytes")])
    }
}
