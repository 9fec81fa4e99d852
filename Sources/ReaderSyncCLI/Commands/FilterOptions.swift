import ArgumentParser
import SQLiteReplica
import SyncCore

/// Which articles a command is about.
struct FilterOptions: ParsableArguments {
    @Option(help: "Only of this feed, by the id that 'feeds' lists.", completion: Completions.names(.feed))
    var feed: String?

    @Option(
        help: ArgumentHelp("Only of one's own feeds in this folder.", valueName: "folder"),
        completion: Completions.names(.folder))
    var folder: String?

    @Flag(help: "Only the publishers' advertisements for themselves, which are left out elsewhere.")
    var promotions = false

    @Option(help: "Only of this section.", completion: Completions.names(.section))
    var section: String?

    @Flag(help: "Only unread ones.")
    var unread = false

    @Flag(help: "Only saved ones.")
    var saved = false

    @Option(help: "Only with this tag.", completion: Completions.names(.tag))
    var tag: String?

    @Option(
        help: ArgumentHelp(
            "Only published since: a date (2026-11-24), a time (2026-11-24T19:30, with Z or +01:00 for another zone than here), or a span back from now (90min, 24h, 7d, 2w).",
            valueName: "when"))
    var since: String?

    @Flag(help: "Only those that were corrected after they were read.")
    var updated = false

    /// Whether all articles pass.
    var isEmpty: Bool {
        feed == nil && folder == nil && section == nil && tag == nil && since == nil
            && ![promotions, unread, saved, updated].contains(true)
    }

    /// The filter.
    func filter(now: WallTime) throws -> ArticleFilter {
        var filter = ArticleFilter(section: section, correctedSinceRead: updated)
        if unread { filter.unread = true }
        if saved { filter.saved = true }
        if let feed {
            guard let name = EntityName(feed) else { throw Self.noFeed(feed) }
            filter.feed = name
        }
        if let folder { filter.folder = try TagWord.parse(folder) }
        filter.promotions = promotions
        if let tag { filter.tag = try TagWord.parse(tag) }
        if let since {
            guard let time = TimeText.parse(since, now: now) else {
                throw CommandFailure.usage(
                    "'\(since)' is no point in time", remedy: "write 2026-11-24, 2026-11-24T19:30, 24h or 7d")
            }
            filter.since = time
        }
        return filter
    }

    /// Makes sure that a list is empty for another reason than a mistyped feed.
    func checkFeed(in replica: Replica) throws {
        if let folder {
            let folders = try replica.subscriptions().flatMap(\.tags).map(\.text)
            guard folders.contains(folder) else {
                throw CommandFailure(
                    .notFound, "notFound", "there is no folder '\(folder)'",
                    remedy: "run 'reader-sync feeds' to see them",
                    candidates: Spelling.nearest(to: folder, among: Array(Set(folders)).sorted()))
            }
        }
        if let tag { try Self.check(tag, .tag, "tag", in: replica) }
        if let section { try Self.check(section, .section, "section", in: replica) }
        guard let feed else { return }
        let known = try replica.feeds().map(\.feed.id.text)
        if !known.contains(feed) { throw Self.noFeed(feed, known: known) }
    }

    private static func check(_ text: String, _ kind: NameKind, _ noun: String, in replica: Replica) throws {
        guard try !replica.holds(kind, named: text) else { return }
        let names = try replica.names(kind, beginning: "", limit: 10_000).map(\.name)
        let some = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
        throw CommandFailure(
            .notFound, "notFound", "no article has the \(noun) '\(text)'",
            remedy: names.isEmpty ? "no article has any \(noun) here" : "there are: \(some)",
            candidates: Spelling.nearest(to: text, among: names))
    }

    private static func noFeed(_ feed: String, known: [String] = []) -> CommandFailure {
        CommandFailure(
            .notFound, "notFound", "there is no feed '\(feed)'",
            remedy: "run 'reader-sync feeds' to see them",
            candidates: Spelling.nearest(to: feed, among: known))
    }
}

/// Tags on the command line.
enum TagWord {
    static func parse(_ text: String) throws -> TagName {
        guard let tag = TagName(text) else {
            throw CommandFailure.usage(
                "'\(text)' is no tag: it has 1 to \(TagName.maximumBytes) bytes and no control characters")
        }
        return tag
    }
}
