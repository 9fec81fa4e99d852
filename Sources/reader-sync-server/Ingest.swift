import ArgumentParser
import CurlTransport
import ReferenceServer
import SystemPorts

/// `ingest`: reads feeds into the catalog.
struct Ingest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read feeds into the catalog.",
        discussion: """
            Reads feeds from URLs (only if they changed since last time) or files. A page stands for the one feed that it \
            names; of one that names several, choose a feed. What did not change adds nothing; a \
            changed article becomes a new revision; an article of several feeds is one article; what a feed no longer \
            lists stays; one that was withdrawn stays so until it is corrected. URLs are remembered: a timer calls \
            `ingest --due`, or the server does it itself with `serve --ingest`. Exit code 1 if any source could not be read; the others are read all the same.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var network: NetworkOption

    @Argument(help: "A feed's URL or file, to be read now; or a page that names one feed.")
    var source: [String] = []

    @Flag(help: "Read the known URLs whose time has come.")
    var due = false

    @Flag(help: "Read all known URLs, as far as their servers let us ask.")
    var all = false

    @Option(help: ArgumentHelp("Read all feeds of an OPML list, and remember them.", valueName: "file"))
    var opml: String?

    @Option(
        help: ArgumentHelp(
            "The publication's id; by default the host of the feed's site.",
            discussion: """
                Readers who read this feed directly know its articles under the host's name; give this only if your \
                readers have the feed from this server alone. Else marks on its articles do not meet.
                """))
    var publication: String?

    @Option(help: "The feed's id; by default the last part of the feed's address. With one source only.")
    var feed: String?

    @Option(help: "The feed's title; by default what the feed says. With one source only.")
    var title: String?

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        guard [!source.isEmpty, due, all, opml != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("name sources, or give one of --due, --all and --opml")
        }
        guard source.count == 1 || (feed == nil && title == nil) else {
            throw ValidationError("--feed and --title go with one source only")
        }
        guard !source.isEmpty || publication == nil else {
            throw ValidationError("--publication goes with sources that are named")
        }
    }

    func run() async throws {
        let ingest = FeedIngest(
            store: try database.open(), transport: network.transport(), clock: SystemWallClock(),
            random: SystemRandomSource())
        let observer: FeedIngest.Observer? = json ? nil : { @Sendable report in IngestOutput.show(report) }
        let selection = try selection()
        let (reports, isInterrupted) = try await Interruption.observing { () async throws -> [IngestReport] in
            try await selection.reports(of: ingest, observer)
        }
        if json { try Output.json(reports.map(IngestReportJSON.init)) }
        if isInterrupted {
            let count = reports.count { $0.code == "cancelled" }
            Output.talk("interrupted: \(count) of \(reports.count) sources are as they were, the others are whole")
            throw ExitCode(Interruption.exitStatus)
        }
        if !json, reports.isEmpty { Output.talk(due ? "nothing is due" : "there are no feeds") }
        if reports.contains(where: { $0.status == .failed }) { throw ExitCode.failure }
    }

    private func selection() throws -> Selection {
        if due { return .known(.due) }
        if all { return .known(.all) }
        if let opml {
            let list = try FeedList(opml: opml)
            for warning in list.warnings { Output.talk("warning: \(Output.printable(warning))") }
            return .listed(list)
        }
        return .named(
            source.map { IngestRequest(source: $0, publication: publication, feed: feed, title: title) })
    }

    /// What is to be read.
    private enum Selection: Sendable {
        case named([IngestRequest])
        case listed(FeedList)
        case known(FeedIngest.Scope)

        func reports(
            of ingest: FeedIngest, _ observer: FeedIngest.Observer?
        ) async throws -> [IngestReport] {
            switch self {
            case .named(let requests): await ingest.ingest(requests, observer: observer)
            case .listed(let list): try await ingest.ingest(list, observer: observer)
            case .known(let scope): try await ingest.refresh(scope, observer: observer)
            }
        }
    }
}

/// What an ingest says of its sources.
enum IngestOutput {
    /// A line for a source, and one for each warning.
    static func show(_ report: IngestReport) {
        let source = Output.printable(report.source)
        switch report.status {
        case .notModified: Output.line("\(source): not changed since last time")
        case .postponed: Output.line("\(source): its server wants to be asked after \(Output.instant(report.due))")
        case .failed:
            // What was interrupted is told once, at the end.
            guard report.code != "cancelled" else { return }
            Output.talk("\(source): \(reason(report))")
            candidates(report.candidates)
        case .read:
            let parts = [
                (report.added, "new"), (report.corrected, "corrected"), (report.joined, "known from other feeds"),
                (report.skipped, "left out"),
            ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            let what = parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")
            let name = Output.printable("\(report.publication ?? "")/\(report.feed ?? "")")
            Output.line("\(source): \(name), \(report.entries) entries: \(what)")
            if let remark = report.remark { Output.talk("  note: \(Output.printable(remark))") }
            for warning in report.warnings { Output.talk("  warning: \(Output.printable(warning))") }
        }
    }

    /// The feeds that a page names, a line each; of a page that names very many, the first.
    static func candidates(_ urls: [String]) {
        let most = 20
        for url in urls.prefix(most) { Output.talk("  \(Output.printable(url))") }
        if urls.count > most { Output.talk("  and \(urls.count - most) more") }
    }

    /// Why a source failed, and what would help.
    static func reason(_ report: IngestReport) -> String { reason(report.error ?? "failed", report.remedy) }

    /// An error on one line, with what would help.
    static func reason(_ error: String, _ remedy: String?) -> String {
        Output.printable(Self.remedy(error, remedy).map { "\(error); \($0)" } ?? error)
    }

    /// What would help; for a private address, the option that allows it.
    static func remedy(_ error: String?, _ remedy: String?) -> String? {
        guard let error, error.contains("an address this program must not reach") else { return remedy }
        return [remedy, "if it is meant, give \(NetworkOption.flag)"].compactMap(\.self).joined(separator: "; ")
    }
}
