import SQLiteReplica
import SyncCore

extension ReaderModel {
    mutating func opened(_ article: OpenArticle, _ opening: Opening) -> [ReaderEffect] {
        list.known[article.handle] = nil
        var effects: [ReaderEffect] = []
        switch opening {
        case .update:
            for index in articles.indices where articles[index].open.handle == article.handle {
                articles[index].update(article, texts: texts)
            }
            return []
        case .replace:
            effects = tellProgress(from: articles.count - 1)
            _ = articles.popLast()
        case .push: break
        }
        let pane = ArticlePane(article, frame: frame, texts: texts)
        articles.append(pane)
        focus = .article
        if pane.window.top > 0 { message = Message(text: "where you stopped; g goes to the top") }
        return effects + [.count]
    }

    mutating func leaveArticle() -> [ReaderEffect] {
        let effects = tellProgress(from: articles.count - 1)
        _ = articles.popLast()
        if articles.isEmpty { focus = .list }
        // One change more waits to be sent.
        return effects.isEmpty ? [] : effects + [.count]
    }

    /// Has recorded how far the articles on top were read: when they are left, not with every line.
    mutating func tellProgress(from first: Int = 0) -> [ReaderEffect] {
        var effects: [ReaderEffect] = []
        for index in articles.indices where index >= first {
            guard let told = articles[index].progress.tell() else { continue }
            let open = articles[index].open
            list.known[open.handle] = nil
            effects.append(.recordProgress(open.detail.summary.id, from: told.from, to: told.to))
        }
        return effects
    }

    mutating func performInArticle(_ command: ReaderCommand) -> [ReaderEffect] {
        guard var pane = articles.last else { return leaveArticle() }
        let page = frame.bodyRows
        if let line = command.target(from: pane.window.top, count: pane.lines.count, page: page) {
            pane.scroll(to: line)
            articles[articles.count - 1] = pane
            return []
        }
        switch command {
        case .back: return leaveArticle()
        case .open: return follow(pane.chosenLink)
        case .nextLink: chooseLink(by: 1)
        case .previousLink: chooseLink(by: -1)
        case .nextHit, .previousHit:
            let isBack = command == .previousHit
            if pane.wanted.isEmpty { return articles.count > 1 ? [] : seekUnread(isBack: isBack) }
            find(isBack: isBack)
        case .nextArticle: return openNeighbour(1)
        case .previousArticle: return openNeighbour(-1)
        case .changes:
            if let changes = pane.open.changes {
                leaf = Leaf(title: "What changed since you read it", lines: changes)
            } else {
                message = Message(text: "nothing was corrected since you read it")
            }
        case .find: prompt = Prompt(purpose: .find, text: "")
        case .browse:
            if let link = pane.chosenLink { return [.browse(pane.links[link].address)] }
            return mark(command)
        default: return mark(command)
        }
        return []
    }

    /// The article next to the chosen one in the list.
    private mutating func openNeighbour(_ step: Int) -> [ReaderEffect] {
        let place = list.window.selected + step
        guard articles.count == 1, list.handles.indices.contains(place) else {
            message = Message(text: articles.count > 1 ? "back to the list's article first" : "no article that way")
            return []
        }
        list.select(place, rows: frame.bodyRows)
        return [.open(.handle(list.handles[place]), .replace)]
    }

    // MARK: Texts that are not kept here

    /// Has the text of the article on the screen fetched, if it is not here.
    mutating func fetchText() -> [ReaderEffect] {
        let wanted = articles.last.flatMap { $0.open.isTextAbsent ? $0.open.detail.summary.id : nil }
        guard wanted != fetched else { return [] }
        fetched = wanted
        return [.fetchText(wanted)]
    }

    func textRestored(_ id: ArticleID) -> [ReaderEffect] {
        articles.filter { $0.open.detail.summary.id == id }.map { .open(.handle($0.open.handle), .update) }
    }

    mutating func textAbsent(_ id: ArticleID, _ reason: TextAbsence) {
        for index in articles.indices where articles[index].open.detail.summary.id == id {
            articles[index].absence(is: reason, texts: texts)
        }
    }

    // MARK: Links

    private mutating func chooseLink(by step: Int) {
        guard var pane = articles.last, !pane.links.isEmpty else {
            message = Message(text: "there is no link in this text")
            return
        }
        let count = pane.links.count
        let next = pane.chosenLink.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
        pane.choose(next)
        articles[articles.count - 1] = pane
    }

    /// Follows the link that a person typed the number of.
    mutating func follow(number text: String) -> [ReaderEffect] {
        guard let number = Int(text), (1...ArticlePane.mostLinks).contains(number) else {
            message = Message(text: "there is no link '\(text)'", isFailure: true)
            return []
        }
        return follow(number - 1)
    }

    mutating func follow(_ link: Int?) -> [ReaderEffect] {
        guard let pane = articles.last, let link else {
            message = Message(text: "Tab chooses a link, its number opens it, o opens the page")
            return []
        }
        guard pane.links.indices.contains(link) else {
            message = Message(text: "there is no link \(link + 1)", isFailure: true)
            return []
        }
        return [.open(.address(pane.links[link].address), .push)]
    }

    // MARK: Find in the text

    /// Goes to the next line that holds what is looked for, round the ends.
    mutating func find(isBack: Bool, stays: Bool = false) {
        guard var pane = articles.last else { return }
        let (lines, top) = (pane.matches(), pane.window.top)
        let next =
            isBack
            ? lines.last { $0 < top } ?? lines.last : lines.first { stays ? $0 >= top : $0 > top } ?? lines.first
        guard let next else {
            message = Message(text: "'\(pane.wanted)' is not in this text", isFailure: true)
            return
        }
        pane.scroll(to: next)
        articles[articles.count - 1] = pane
    }
}
