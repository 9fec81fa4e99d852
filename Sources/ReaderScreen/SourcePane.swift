public import SQLiteReplica
import SyncCore

/// Something that has a list of articles.
public struct ReadingSource: Sendable, Hashable {
    /// What the screen calls it.
    public var title: String
    /// Which articles it has.
    public var filter: ArticleFilter

    /// Makes a source.
    public init(title: String, filter: ArticleFilter) { (self.title, self.filter) = (title, filter) }
}

/// Feeds, sections, folders, tags.
struct SourcePane: Sendable, Hashable {
    struct Item: Sendable, Hashable {
        var source: ReadingSource
        /// The number beside it; `nil` until it was counted.
        var count: Int?
    }

    enum Line: Sendable, Hashable {
        case heading(String)
        case item(Item)
    }

    private(set) var lines: [Line] = []
    var window = ScrollWindow()

    init(_ first: ReadingSource) {
        fill(ReadingSources(), isCounted: false, first: first)
        choose(first, rows: 1)
    }

    /// Changes of one's own that wait for a sync.
    private(set) var pending = 0

    /// The chosen source.
    var selected: ReadingSource? {
        guard lines.indices.contains(window.selected), case .item(let item) = lines[window.selected] else { return nil }
        return item.source
    }

    /// Takes new counts, and keeps what is chosen.
    mutating func update(_ sources: ReadingSources, rows: Int) {
        let chosen = selected
        fill(sources, isCounted: true, first: nil)
        pending = sources.pending
        if let chosen { choose(chosen, rows: rows) }
    }

    mutating func choose(_ source: ReadingSource, rows: Int) {
        let place = lines.firstIndex { line in
            if case .item(let item) = line { item.source.filter == source.filter } else { false }
        }
        if let place { window.select(place, count: lines.count, page: rows) }
    }

    /// Moves to a line, past headings.
    mutating func move(_ command: ReaderCommand, rows: Int) {
        guard let target = command.target(from: window.selected, count: lines.count, page: rows) else { return }
        let isBack = target < window.selected
        var line = max(0, min(target, lines.count - 1))
        while lines.indices.contains(line), case .heading = lines[line] { line += isBack ? -1 : 1 }
        guard lines.indices.contains(line) else { return }
        window.select(line, count: lines.count, page: rows)
    }

    private mutating func fill(_ sources: ReadingSources, isCounted: Bool, first: ReadingSource?) {
        var lines: [Line] = []
        func item(_ title: String, _ filter: ArticleFilter, _ count: Int) {
            lines.append(
                .item(Item(source: ReadingSource(title: title, filter: filter), count: isCounted ? count : nil)))
        }
        item("Unread", ArticleFilter(unread: true), sources.unread)
        item("All articles", ArticleFilter(), sources.articles)
        item("Saved", ArticleFilter(saved: true), sources.saved)
        item("Corrected since read", ArticleFilter(correctedSinceRead: true), sources.corrected)
        func group(_ title: String, _ names: [ReadingSources.Named], _ filter: (String) -> ArticleFilter?) {
            let members = names.compactMap { named in filter(named.name).map { (named, $0) } }
            guard !members.isEmpty else { return }
            lines.append(.heading(title))
            for (named, filter) in members { item(named.name, filter, named.unread) }
        }
        if !sources.feeds.isEmpty {
            lines.append(.heading("Feeds"))
            for feed in sources.feeds {
                let title = feed.direct?.shownTitle ?? (feed.feed.title.isEmpty ? feed.feed.id.text : feed.feed.title)
                item(title, ArticleFilter(feed: feed.feed.id), feed.unread)
            }
        }
        group("Folders", sources.folders) { name in TagName(name).map { ArticleFilter(folder: $0) } }
        group("Sections", sources.sections) { ArticleFilter(section: $0) }
        group("Tags", sources.tags) { name in TagName(name).map { ArticleFilter(tag: $0) } }
        let isKnown = lines.contains { line in
            if case .item(let item) = line { item.source.filter == (first ?? own)?.filter } else { false }
        }
        // What was asked for on the command line comes first, if it is none of them.
        if let first = first ?? own, !isKnown {
            lines.insert(.item(Item(source: first, count: nil)), at: 0)
            own = first
        }
        self.lines = lines
    }

    private var own: ReadingSource?
}
