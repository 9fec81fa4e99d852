import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

/// `retain`: how old articles may get here.
struct RetainCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "retain", abstract: "Say how old articles may get on this replica.",
        discussion: """
            Each sync then drops the texts and pictures of articles that are older, read or not, and lists them no more. \
            Saved, tagged and noted articles stay, as do those about which a conflict is open, those without a date, and \
            those that a feed of one's own still has. What you did stays known: an article that comes again is read if it \
            was. On the server and on other devices nothing changes. Without an argument, says what holds now.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: ArgumentHelp("A span (90d, 52w) or 'off'.", valueName: "span"))
    var span: String?

    @Flag(name: [.customShort("n"), .long], help: "Only say what would be dropped.")
    var dryRun = false

    /// As old as they like, in place of a span.
    static let unbounded = "off"

    /// The age that a text is, in milliseconds; `nil`: as old as they like.
    ///
    /// - Throws: ``CommandFailure`` if it is no span of time.
    static func span(_ text: String) throws -> Int64? {
        guard text != unbounded else { return nil }
        if let span = TimeText.span(text), span > 0 { return span }
        throw CommandFailure.usage("'\(text)' is no span of time", remedy: "write 90d, 52w or \(unbounded)")
    }

    func run(in context: Context) async throws {
        let chosen = try span.map(Self.span)
        let sets = chosen != nil && !dryRun
        let replica = try context.open(sets ? .writing : .reading)
        if let chosen, sets { try replica.setMaximumAge(chosen) }
        let age: Int64?
        if let chosen { age = chosen } else { age = try replica.maximumAge }
        let aged = try age.map { try Self.aged(in: replica, before: context.now.advanced(by: -$0)) } ?? []
        show(age, aged, context)
    }

    private static func aged(in replica: Replica, before instant: WallTime) throws -> [Replica.AgedArticle] {
        var aged: [Replica.AgedArticle] = []
        while true {
            let piece = try replica.articles(before: instant, after: aged.last, limit: 10_000)
            guard !piece.isEmpty else { return aged }
            aged += piece
        }
    }

    private func show(_ age: Int64?, _ aged: [Replica.AgedArticle], _ context: Context) {
        let unread = aged.count { !$0.isRead }
        let stay = dryRun && span != nil ? "articles would stay" : "articles stay"
        var lines = [StyledText(age.map { "\(stay) \(Self.text($0))" } ?? "\(stay), however old")]
        if !aged.isEmpty {
            let which = dryRun ? "would be dropped" : "are older and go with the next sync"
            lines.append(StyledText("\(Plural.articles(aged.count)) \(which), \(unread) of them unread"))
        }
        if dryRun {
            if aged.isEmpty { lines.append(StyledText("nothing would be dropped")) }
            lines += aged.suffix(10).reversed().map {
                StyledText("  \(TimeText.localDate($0.listed))  ", .dim) + StyledText($0.title)
            }
            if aged.count > 10 { lines.append(StyledText("  and \(aged.count - 10) older ones", .dim)) }
        }
        context.output.result(
            .object([
                "minutes": age.map { .count($0 / 60_000) } ?? .null,
                "days": age.map { .count($0 / 86_400_000) } ?? .null,
                "older": .count(aged.count), "olderUnread": .count(unread), "dryRun": .bool(dryRun),
            ]),
            lines: lines)
        if span != nil, !dryRun, !aged.isEmpty {
            context.output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync")))
        }
    }

    /// Whole days where it can be said so.
    static func text(_ span: Int64) -> String {
        span % 86_400_000 == 0 ? Plural.of(span / 86_400_000, "day") : Plural.of(span / 60_000, "minute")
    }
}

extension SyncRun {
    /// Articles that are dropped in one transaction.
    private static let agedAtOnce = 500

    /// Drops what is older than the reader keeps.
    ///
    /// - Returns: how many articles.
    func dropAged(_ progress: ProgressLine) throws -> Int {
        guard let age = try replica.maximumAge else { return 0 }
        let instant = context.now.advanced(by: -age)
        var (count, last) = (0, Replica.AgedArticle?.none)
        while !Task.isCancelled {
            let piece = try replica.articles(before: instant, after: last, limit: Self.agedAtOnce)
            guard !piece.isEmpty else { return count }
            count += try replica.drop(piece)
            last = piece.last
            let done = count
            progress.show(ProgressLine.Work(doing: "dropping old articles", done: done, noun: "articles"))
        }
        return count
    }
}
