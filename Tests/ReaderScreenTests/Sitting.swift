import SyncCore
import TerminalScreen
import TerminalText
import Testing

@testable import ReaderScreen
@testable import SQLiteReplica

/// A person before a screen: a model with some articles behind it, which answers effects as a replica would.
struct Sitting {
    var model: ReaderModel
    /// What was asked for besides articles, in order.
    var asked: [ReaderEffect] = []
    /// The articles behind the screen, newest first.
    var articles: [ListedArticle]
    /// The articles before each mark.
    private var past: [[ListedArticle]] = []
    /// What a search finds, whatever is looked for.
    var findings: [Int] = []
    /// The lead image of every article, if its file is there.
    var picture: OpenArticle.Picture?
    /// What was corrected in every article since it was read.
    var changes: [StyledText]?
    /// The articles whose texts are not kept here.
    var absent: Set<Int> = []
    /// Whether background work is done at once.
    var isPrompt = true

    init(articles count: Int = 20, columns: Int = 80, rows: Int = 24, filter: ArticleFilter = ArticleFilter()) {
        articles = (0..<count).map { Self.article($0) }
        let effects: [ReaderEffect]
        (model, effects) = ReaderModel.start(
            ReadingSource(title: "Unread", filter: filter), columns: columns, rows: rows, texts: Self.texts)
        perform(effects)
    }

    static let texts = ReaderTexts(age: { _ in "3 h" }, date: { _ in "2026-11-29 12:00" }, day: { _ in "2026-11-29" })

    static func id(_ number: Int) -> ArticleID { ArticleID(publication: "magazine", guid: "\(number)") }

    static func article(_ number: Int) -> ListedArticle {
        ListedArticle(
            summary: ArticleSummary(
                id: id(number), shortID: "abcdef\(number)", publication: EntityName(feedNamed: "magazine"),
                kicker: "Kicker \(number)",
                headline: "Headline \(number)", standfirst: "What article \(number) is about", byline: "Ada Writer",
                section: "Europe", url: "https://magazine.example/\(number)", published: WallTime(milliseconds: 0),
                isDayPrecise: false, updated: nil, access: number == 3 ? .subscriber : .free, language: "en",
                isRead: false,
                isSaved: false, progress: 0, tags: [], hasNote: false, correctedSinceRead: false),
            characters: 6_000)
    }

    /// The text of article 0: long, with two links.
    static let text =
        (1...40).map { "Paragraph \($0) says something of the harbour [1] and of the ships." }.joined(separator: "\n\n")
        + "\n\n> A quotation that is long enough to go on in a second line, as quotations in magazines mostly do."
        + "\n\n- a point\n- another point [2]\n\n[1] https://magazine.example/1\n[2] https://elsewhere.example/"

    func detail(_ number: Int) -> ArticleDetail {
        let summary = articles[number].summary
        var article = Article(
            id: summary.id, publication: summary.publication, number: 1, guid: "\(number)", headline: summary.headline,
            revision: 1, contentHash: .zero)
        article.standfirst = summary.standfirst
        article.bodyText = Self.text
        article.authors = [Author(name: "Ada Writer", bio: "Ada writes about harbours.")]
        article.image = LeadImage(url: "https://magazine.example/i.jpg", caption: "The quay", credit: "Jon Varga")
        if absent.contains(number) { article.bodyText = "" }
        return ArticleDetail(
            summary: summary, article: article, isRemoved: false, isDropped: false, readAt: nil, readBy: nil,
            savedAt: nil, note: nil, olderRevisions: 0, isBodyAbsent: absent.contains(number))
    }

    // MARK: What a person does and sees

    mutating func press(_ keys: Key...) {
        for key in keys { perform(model.update(.key(key))) }
    }

    mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
    }

    mutating func happen(_ event: ReaderEvent) { perform(model.update(event)) }

    var screen: Grid { ReaderView.draw(model) }
    var text: String { screen.text }

    /// The text of reversed cells between the first and the last row: what is chosen.
    var chosen: String {
        let grid = screen
        let rows = (1..<grid.rows - 1).map { row in
            String(grid[row].filter { $0.style.isReversed }.compactMap(\.character))
        }
        return rows.filter { !$0.isEmpty }.joined(separator: "|").trimmingBlanks
    }

    /// The line at the bottom.
    var bottom: String { screen.text(row: screen.rows - 1).trimmingBlanks }

    // MARK: What stands behind the screen

    func handle(_ number: Int) -> ArticleHandle { ArticleHandle(row: Int64(number)) }

    private mutating func perform(_ effects: [ReaderEffect]) {
        for effect in effects { if let event = answer(effect) { perform(model.update(event)) } }
    }

    private mutating func answer(_ effect: ReaderEffect) -> ReaderEvent? {
        switch effect {
        case .list(let filter, let limit, let ticket):
            if limit == nil, !isPrompt { return nil }
            let matching = articles.indices.filter { index in
                let summary = articles[index].summary
                return (filter.unread == nil || filter.unread == !summary.isRead)
                    && (filter.saved == nil || filter.saved == summary.isSaved)
            }
            return .listed(
                matching.prefix(limit ?? .max).map { handle($0) }, isAll: limit.map { matching.count < $0 } ?? true,
                ticket: ticket)
        case .load(let handles):
            return .loaded(Dictionary(uniqueKeysWithValues: handles.map { ($0, articles[Int($0.row)]) }))
        case .count:
            var sources = ReadingSources()
            (sources.articles, sources.unread) = (articles.count, articles.count { !$0.summary.isRead })
            sources.sections = [ReadingSources.Named(name: "Europe", articles: 20, unread: 5)]
            return .counted(sources)
        case .search(_, _, let ticket):
            asked.append(effect)
            let handles = findings.map { handle($0) }
            let articles = Dictionary(uniqueKeysWithValues: findings.map { (handle($0), self.articles[$0]) })
            return isPrompt ? .found(FoundArticles(handles: handles, articles: articles), ticket: ticket) : nil
        case .seekUnread(let handles): return .sought(handles.first { !articles[Int($0.row)].summary.isRead })
        case .open(let reference, let opening): return open(reference, opening)
        case .record(let edits, let done, let ids):
            asked.append(effect)
            past.append(articles)
            for edit in edits { apply(edit) }
            let step = UndoStep(batches: [Int64(past.count - 1)], articles: ids, what: done)
            return .recorded(done: done, articles: ids, undo: step)
        case .recordProgress(let id, _, let points):
            asked.append(effect)
            if let at = articles.firstIndex(where: { $0.summary.id == id }) { articles[at].summary.progress = points }
            return nil
        case .undo(let step):
            for batch in step.batches { articles = past[Int(batch)] }
            return .recorded(done: "taken back: \(step.what)", articles: step.articles, undo: nil)
        default:
            asked.append(effect)
            return nil
        }
    }

    private mutating func open(_ reference: ArticleReference, _ opening: Opening) -> ReaderEvent? {
        let number: Int? =
            switch reference {
            case .handle(let handle): Int(handle.row)
            case .id(let id): articles.firstIndex { $0.summary.id == id }
            case .address(let address): articles.firstIndex { $0.summary.url == address }
            }
        guard let number else {
            asked.append(.open(reference, opening))
            return nil
        }
        if opening != .update { articles[number].summary.isRead = true }
        let related = [
            OpenArticle.Related(address: "https://magazine.example/5", headline: "Headline 5"),
            OpenArticle.Related(address: "https://magazine.example/999", headline: nil),
        ]
        var article = OpenArticle(handle: handle(number), detail: detail(number), related: related, picture: picture)
        if opening != .update { article.changes = changes }
        return .opened(article, opening)
    }

    private mutating func apply(_ edit: Edit) {
        guard case .article(let id) = edit.key.entity, let at = articles.firstIndex(where: { $0.summary.id == id })
        else { return }
        switch (edit.key.field, edit.value) {
        case (.read, .read(let isRead, _)): articles[at].summary.isRead = isRead
        case (.saved, .flag(let isSaved)): articles[at].summary.isSaved = isSaved
        case (.tag(let tag), .flag(let isSet)):
            articles[at].summary.tags.removeAll { $0 == tag }
            if isSet { articles[at].summary.tags.append(tag) }
        default: break
        }
    }
}

extension String {
    var trimmingBlanks: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
