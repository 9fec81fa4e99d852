import SQLiteReplica
import StateImports
import SyncCore
import TerminalText

/// What an import did, or would do.
struct ImportOutcome: Sendable {
    /// Whose files were read.
    private(set) var sources: [ImportSource] = []
    /// Articles in the files.
    private(set) var entries = 0
    /// Entries that could not be read.
    private(set) var damaged = 0
    /// Articles here that are read or saved there.
    private(set) var matched = 0
    /// Articles newly marked read, and saved.
    private(set) var read = 0
    private(set) var saved = 0
    /// What matches no article here.
    private(set) var unmatched: [ImportedMark] = []

    /// Matches, and marks unless that is only tried: in one transaction, each mark as one of many.
    init(
        _ states: [ImportedState], in replica: Replica, as command: String, at now: WallTime, isDry: Bool,
        _ progress: ProgressLine
    ) throws {
        var found: [ArticleID: MentionedArticle] = [:]
        var wanted: [ArticleID: (isRead: Bool, isSaved: Bool)] = [:]
        var order: [ArticleID] = []
        for state in states {
            if !sources.contains(state.source) { sources.append(state.source) }
            entries += state.entries
            damaged += state.damaged
            for start in stride(from: 0, to: state.marks.count, by: 1_000) {
                if Task.isCancelled { throw CommandFailure.dismissed }
                progress.show(
                    ProgressLine.Work(doing: "matching", done: start, total: state.marks.count, noun: "articles"))
                let marks = state.marks[start..<min(start + 1_000, state.marks.count)]
                let articles = try replica.articles(
                    mentioned: marks.map { ArticleMention(feed: $0.feed, guid: $0.guid, url: $0.url) })
                for (mark, article) in zip(marks, articles) {
                    guard let article else {
                        unmatched.append(mark)
                        continue
                    }
                    if found.updateValue(article, forKey: article.id) == nil { order.append(article.id) }
                    let before = wanted[article.id] ?? (false, false)
                    wanted[article.id] = (before.isRead || mark.isRead, before.isSaved || mark.isSaved)
                }
            }
        }
        matched = order.count
        var edits: [Edit] = []
        for id in order {
            guard let article = found[id], let mark = wanted[id] else { continue }
            if mark.isRead, !article.isRead, let edit = Edit.read(id, true, by: .bulk) {
                read += 1
                edits.append(edit)
            }
            if mark.isSaved, !article.isSaved, let edit = Edit.saved(id, true) {
                saved += 1
                edits.append(edit)
            }
        }
        if Task.isCancelled { throw CommandFailure.dismissed }
        progress.show(ProgressLine.Work(doing: "marking", done: 0, total: edits.count, noun: "articles"))
        if !isDry, !edits.isEmpty { _ = try replica.record(edits, as: command, at: now) }
    }

    func json(isDry: Bool) -> JSONValue {
        .object([
            "sources": .array(sources.map { .string($0.rawValue) }), "entries": .count(entries),
            "damaged": .count(damaged),
            "matched": .count(matched), "read": .count(read), "saved": .count(saved),
            "unmatched": .count(unmatched.count),
            "dryRun": .bool(isDry),
        ])
    }

    func lines(isDry: Bool) -> [StyledText] {
        let marked = [
            read > 0 ? "\(Plural.articles(read)) \(isDry ? "would be " : "")marked read" : nil,
            saved > 0 ? "\(Plural.articles(saved)) \(isDry ? "would be " : "")saved" : nil,
        ].compactMap { $0 }
        var lines = [
            StyledText(marked.isEmpty ? "nothing to change" : marked.joined(separator: ", ")),
            StyledText(
                "\(entries) in \(sources.map(\.rawValue).joined(separator: ", ")), \(matched) of them here, "
                    + "\(unmatched.count) read or saved there and not here", .dim),
        ]
        if damaged > 0 { lines.append(StyledText("\(damaged) could not be read", .warning)) }
        return lines
    }
}

extension ImportedMark {
    /// As `import state` reads it again.
    var json: JSONValue {
        .object([
            "feed": .optional(feed), "guid": .optional(guid), "url": .optional(url), "title": .optional(title),
            "read": .bool(isRead), "saved": .bool(isSaved),
        ])
    }
}
