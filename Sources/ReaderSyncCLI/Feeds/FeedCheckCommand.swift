import ArgumentParser
import FeedEngine
import FeedFormats
import FeedSession
import SyncCore
import SystemPorts

import struct FoundationEssentials.Data
import TerminalText

/// `feeds check`: a feed as we understand it. Needs no replica and keeps nothing.
struct FeedCheckCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Print a feed as it is understood, with everything that is odd about it.",
        discussion: """
            Takes an address, a file, or - for standard input; needs no replica and changes none. The address of a web \
            page that names one feed leads to it; of several, their addresses are listed.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: ArgumentHelp("The feed's address, its file, or -.", valueName: "url-or-file"), completion: .file())
    var source: String

    @Option(help: ArgumentHelp("What relative addresses in a file are relative to.", valueName: "url"))
    var base: String?

    @Option(help: ArgumentHelp("The Content-Type that a file would have come with.", valueName: "type"))
    var contentType: String?

    func run(in context: Context) async throws {
        let source = try FeedSource(source)
        switch source {
        case .address(let address):
            let fetcher = FeedFetcher(
                transport: context.transport, clock: SystemWallClock(), random: SystemRandomSource())
            switch try await context.interruptible({ await fetcher.find(address) }) {
            case .read(let parsed, let record): try show(parsed, url: record.url, context)
            case .page(let feeds, let url): throw FeedChoice.failure(feeds, of: url, command: "feeds check", context)
            case .failed(let failure, _): throw CommandFailure(failure, naming: address)
            case .unchanged, .postponed:
                throw CommandFailure(.failure, "unforeseen", "\(address) was not read")
            }
        case .file(let path):
            try await check(try FeedSource.bytes(of: path, limit: FeedLimits.default.documentBytes), context)
        case .standardInput:
            try await check(try FeedSource.bytes(of: nil, limit: FeedLimits.default.documentBytes), context)
        }
    }

    private func check(_ data: Data, _ context: Context) async throws {
        let (contentType, base) = (contentType, base)
        let parsed: ParsedFeed
        do {
            parsed = try await context.interruptible {
                let parsed = try FeedParser.parse(data, contentType: contentType, baseURL: base) { Task.isCancelled }
                guard !Task.isCancelled else { throw CommandFailure.dismissed }
                return parsed
            }
        } catch let error as FeedError {
            throw CommandFailure(.failure, error.code.rawValue, error.context, remedy: error.remedy)
        }
        try show(parsed, url: base, context)
    }

    private func show(_ parsed: ParsedFeed, url: String?, _ context: Context) throws {
        let naming = FeedNaming(siteURL: parsed.siteURL, effectiveURL: url, source: source)
        let reading = FeedReading(parsed, naming: naming, url: url)
        context.output.result(
            FeedCheckRendering.json(parsed, reading, source: source),
            lines: FeedCheckRendering.lines(parsed, reading, now: context.now))
    }
}

/// A page that names several feeds.
enum FeedChoice {
    static func failure(
        _ feeds: [DiscoveredFeed], of page: String, command: String, _ context: Context
    ) -> CommandFailure {
        CommandFailure(
            .notFound, "ambiguous", "the page \(page) names \(Plural.of(feeds.count, "feed"))",
            remedy: feeds.first.map { "run '\(context.command("\(command) \($0.url)"))', or with another of them" },
            candidates: feeds.map(\.url))
    }
}
