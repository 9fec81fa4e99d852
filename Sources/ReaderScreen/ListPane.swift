import SQLiteReplica

/// A list of articles. All of them are named, and what is shown of those near the chosen one is known.
struct ListPane: Sendable, Hashable {
    /// Articles that are named before the first screen is drawn.
    static let firstPiece = 400
    /// Articles of which more than the name is kept.
    static let maximumKnown = 2_000

    var source: ReadingSource
    var handles: [ArticleHandle] = []
    /// Whether ``handles`` are all there are.
    var isAll = false
    var known: [ArticleHandle: ListedArticle] = [:]
    var snippets: [ArticleHandle: String] = [:]
    var window = ScrollWindow()
    /// Lines that each article takes.
    var itemHeight = 3
    /// What the list is narrowed by; `nil`: by nothing.
    var query: String?
    /// Whether a search found more than it shows.
    var hasMore = false
    /// Where the list stood before it was narrowed.
    var before: [ArticleHandle]?
    private(set) var beforeSelected: ArticleHandle?

    init(_ source: ReadingSource) { self.source = source }

    var selectedHandle: ArticleHandle? {
        handles.indices.contains(window.selected) ? handles[window.selected] : nil
    }

    var selected: ListedArticle? { selectedHandle.flatMap { known[$0] } }

    func page(rows: Int) -> Int { max(1, rows / itemHeight) }

    mutating func select(_ line: Int, rows: Int) {
        window.select(line, count: handles.count, page: page(rows: rows))
    }

    /// The articles in sight and a screen beyond of which nothing is known yet.
    func missing(rows: Int) -> [ArticleHandle] {
        let page = page(rows: rows)
        let seen = window.visible(count: handles.count, page: page)
        let isComplete = seen.allSatisfy { known[handles[$0]] != nil }
        guard !isComplete else { return [] }
        let near = max(0, seen.lowerBound - page)..<min(handles.count, seen.upperBound + page)
        return near.map { handles[$0] }.filter { known[$0] == nil }
    }

    mutating func learn(_ articles: [ArticleHandle: ListedArticle]) {
        if known.count + articles.count > Self.maximumKnown { known = [:] }
        known.merge(articles) { $1 }
    }

    /// Takes a new state of the list. The chosen article stays chosen, also if the list no longer has it: what a person reads
    /// does not vanish under the eyes.
    mutating func replace(_ fresh: [ArticleHandle], isAll: Bool, rows: Int) {
        let chosen = selectedHandle
        let old = (handles, window.selected)
        handles = fresh
        self.isAll = isAll
        guard let chosen else { return select(0, rows: rows) }
        if let place = fresh.firstIndex(of: chosen) { return select(place, rows: rows) }
        guard isAll else { return select(old.1, rows: rows) }
        let present = Set(fresh)
        let neighbour = old.0[..<old.1].last { present.contains($0) }
        let place = neighbour.flatMap { fresh.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        handles.insert(chosen, at: place)
        select(place, rows: rows)
    }

    /// Shows what a search found in place of the list.
    mutating func narrow(_ found: FoundArticles, rows: Int) {
        if before == nil { (before, beforeSelected) = (handles, selectedHandle) }
        handles = found.handles
        snippets = found.snippets
        hasMore = found.hasMore
        learn(found.articles)
        select(0, rows: rows)
    }

    /// Shows the whole list again, at the article that is chosen now, or was.
    mutating func widen(rows: Int) {
        query = nil
        hasMore = false
        guard let whole = before else { return }
        let chosen = [selectedHandle, beforeSelected].compactMap { $0 }.lazy.compactMap { whole.firstIndex(of: $0) }
            .first
        (handles, before, beforeSelected, snippets) = (whole, nil, nil, [:])
        select(chosen ?? 0, rows: rows)
    }
}
