import SQLiteReplica
import SyncCore
import TerminalScreen
import TerminalText

/// What is on a reader's screen, as a pure function of what happened: an event comes in, effects go out, and
/// ``ReaderView`` draws what is left. It knows no terminal, no file and no clock.
public struct ReaderModel: Sendable {
    /// A question to be answered with `y`.
    struct Question: Sendable, Hashable {
        var text: String
        var effect: ReaderEffect
    }

    /// Lines to be looked through.
    struct Leaf: Sendable, Hashable {
        var title: String
        var lines: [StyledText]
        var window = ScrollWindow()
    }

    struct Message: Sendable, Hashable {
        var text: String
        var isFailure = false
    }

    /// Most marks that can be taken back.
    static let maximumUndo = 200

    var frame: ReaderFrame
    var focus = ReaderFocus.list
    var sources: SourcePane
    var list: ListPane
    /// The article that is read, on top of those from which it was reached.
    var articles: [ArticlePane] = []
    var prompt: Prompt?
    var question: Question?
    /// What lies over everything else, until a key takes it away.
    var leaf: Leaf?
    var message: Message?
    var undo: [UndoStep] = []
    /// The article whose text is being fetched.
    var fetched: ArticleID?
    /// What a late answer is recognised by.
    var ticket = 0
    let texts: ReaderTexts

    /// Makes a screen with a list, and says what it needs first.
    public static func start(
        _ source: ReadingSource, columns: Int, rows: Int, texts: ReaderTexts
    ) -> (ReaderModel, [ReaderEffect]) {
        var model = ReaderModel(source, columns: columns, rows: rows, texts: texts)
        let effects = model.listEffects() + [.count]
        return (model, effects)
    }

    private init(_ source: ReadingSource, columns: Int, rows: Int, texts: ReaderTexts) {
        frame = ReaderFrame(columns: columns, rows: rows)
        sources = SourcePane(source)
        list = ListPane(source)
        self.texts = texts
    }

    /// Takes an event.
    public mutating func update(_ event: ReaderEvent) -> [ReaderEffect] {
        var effects: [ReaderEffect] = []
        switch event {
        case .key(let key): effects = press(key)
        case .resized(let columns, let rows): resize(columns: columns, rows: rows)
        case .changedElsewhere: effects = refresh()
        case .ending: effects = tellProgress()
        case .picturesChanged: effects = articles.map { .open(.handle($0.open.handle), .update) }
        default: effects = take(event)
        }
        effects += fetchText()
        let missing = list.missing(rows: frame.bodyRows)
        if !missing.isEmpty { effects.append(.load(missing)) }
        return effects
    }

    private mutating func take(_ event: ReaderEvent) -> [ReaderEffect] {
        switch event {
        case .listed(let handles, let isAll, let ticket): return listed(handles, isAll: isAll, ticket: ticket)
        case .loaded(let articles): list.learn(articles)
        case .counted(let counts): sources.update(counts, rows: frame.bodyRows)
        case .found(let found, let ticket):
            if ticket == self.ticket, list.query != nil { list.narrow(found, rows: frame.bodyRows) }
        case .sought(let handle): return sought(handle)
        case .opened(let article, let opening): return opened(article, opening)
        case .textRestored(let id): return textRestored(id)
        case .textAbsent(let id, let reason): textAbsent(id, reason)
        case .recorded(let done, let ids, let step): return recorded(done, ids, step)
        case .said(let text): message = Message(text: text)
        case .failed(let text): message = Message(text: text, isFailure: true)
        case .key, .resized, .changedElsewhere, .ending, .picturesChanged: break
        }
        return []
    }

    private mutating func resize(columns: Int, rows: Int) {
        frame = ReaderFrame(columns: columns, rows: rows)
        list.select(list.window.selected, rows: frame.bodyRows)
        for index in articles.indices {
            articles[index].layOut(frame: frame, texts: texts)
        }
    }

    // MARK: Keys

    private mutating func press(_ key: Key) -> [ReaderEffect] {
        message = nil
        if let question {
            self.question = nil
            return key == "y" || key == "Y" ? [question.effect] : []
        }
        if prompt != nil { return pressInPrompt(key) }
        if leaf != nil { return pressInLeaf(key) }
        if focus == .article, case .character(let digit) = key, digit.isASCII, digit.isNumber {
            prompt = Prompt(purpose: .link, text: String(digit))
            return []
        }
        guard let command = KeyBinding.command(of: key, in: focus) else {
            if key != .other { message = Message(text: "\(key.name) does nothing here; ? shows the keys") }
            return []
        }
        return perform(command)
    }

    private mutating func pressInLeaf(_ key: Key) -> [ReaderEffect] {
        let command = KeyBinding.command(of: key, in: .list)
        if let command, command == .quit || command == .suspend { return perform(command) }
        let count = leaf?.lines.count ?? 0
        if let leaf, let target = command?.target(from: leaf.window.top, count: count, page: frame.bodyRows) {
            self.leaf?.window.scroll(to: target, count: count, page: frame.bodyRows)
        } else {
            leaf = nil
        }
        return []
    }

    private mutating func perform(_ command: ReaderCommand) -> [ReaderEffect] {
        switch command {
        case .quit: return tellProgress() + [.quit]
        case .suspend: return tellProgress() + [.suspend]
        case .redraw: return [.redraw]
        case .help: leaf = Leaf(title: "Keys", lines: HelpView.lines)
        case .undo: return takeBack()
        case .leave:
            if focus != .article { return [.quit] }
            return leaveArticle()
        default:
            switch focus {
            case .sources: return performInSources(command)
            case .list: return performInList(command)
            case .article: return performInArticle(command)
            }
        }
        return []
    }

    /// The article that a mark is about.
    var target: ArticleSummary? {
        focus == .article ? articles.last?.open.detail.summary : focus == .list ? list.selected?.summary : nil
    }
}

/// Where things are on a screen of a size.
struct ReaderFrame: Sendable, Hashable {
    /// Columns from which on sources and list stand beside each other.
    static let wide = 96
    private static let sourceColumns = 28

    var columns: Int
    var rows: Int

    /// The rows between the title and the line at the bottom.
    var bodyRows: Int { max(1, rows - 2) }
    /// Whether sources and list stand beside each other.
    var isWide: Bool { columns >= Self.wide }
    /// The columns of the sources beside a list; 0 if there is no room.
    var sourceWidth: Int { isWide ? Self.sourceColumns : 0 }
    /// The columns of an article's text.
    var textWidth: Int { max(20, min(ArticlePane.maximumWidth, columns - 4)) }
    /// The columns left of it.
    var textMargin: Int { max(0, (columns - textWidth) / 2) }
}
