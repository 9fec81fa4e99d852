import ArgumentParser
import CurlTransport
import ReferenceServer
import SystemPorts

/// `ingest`: reads feeds into the catalog.
struct Ingest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read feeds into the catalog.",
        discussion: """
            Reads RSS and Atom from URLs (only if they changed since last time) or files. What did not change adds \
            nothing; a changed article becomes a new revision; an article of several feeds is one article. Exit \
            code 1 if any source could not be read; the others are read all the same.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "A feed's URL or file.")
    var source: [String]

    @Option(help: "The publication's id; by default the host of the feed's site.")
    var publication: String?

    @Option(help: "The feed's id; by default the last part of the source. With one source only.")
    var feed: String?

    @Option(help: "The feed's title; by default what the feed says. With one source only.")
    var title: String?

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        guard !source.isEmpty else { throw ValidationError("name at least one source") }
        guard source.count == 1 || (feed == nil && title == nil) else {
            throw ValidationError("--feed and --title go with one source only")
        }
    }

    func run() async throws {
        let ingest = FeedIngest(
            store: try database.open(), transport: CurlTransport(), clock: SystemWallClock(),
            random: SystemRandomSource())
        let reports = await ingest.ingest(
            source.map { IngestRequest(source: $0, publication: publication, feed: feed, title: title) })
        if json { try Output.json(reports) } else { reports.forEach(show) }
        if reports.contains(where: { $0.status == .failed }) { throw ExitCode.failure }
    }

    private func show(_ report: IngestReport) {
        switch report.status {
        case .notModified: Output.line("\(report.source): not changed since last time")
        case .failed: Output.talk("\(report.source): \(Output.printable(report.error ?? "failed"))")
        case .read:
            let parts = [
                (report.added, "new"), (report.corrected, "corrected"), (report.joined, "known from other feeds"),
                (report.skipped, "left out"),
            ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            let what = parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")
            let name = "\(report.publication ?? "")/\(report.feed ?? "")"
            Output.line("\(report.source): \(name), \(report.entries) entries: \(what)")
            for warning in report.warnings { Output.talk("  warning: \(Output.printable(warning))") }
        }
    }
}
