import SQLiteReplica

extension ReaderModel {
    /// What the list needs after its source changed: the first screens at once, the rest beside everything else.
    mutating func listEffects() -> [ReaderEffect] {
        ticket += 1
        return [.list(list.source.filter, limit: ListPane.firstPiece, ticket: ticket)]
    }

    mutating func show(_ source: ReadingSource) -> [ReaderEffect] {
        guard source.filter != list.source.filter else { return [] }
        let height = list.itemHeight
        list = ListPane(source)
        list.itemHeight = height
        return listEffects()
    }

    /// Reads everything again that may have changed.
    mutating func refresh() -> [ReaderEffect] {
        list.known = [:]
        var effects: [ReaderEffect] = [.count]
        if list.query == nil {
            ticket += 1
            effects.append(.list(list.source.filter, limit: nil, ticket: ticket))
        }
        if let open = articles.last?.open { effects.append(.open(.handle(open.handle), .update)) }
        return effects
    }

    mutating func listed(_ handles: [ArticleHandle], isAll: Bool, ticket: Int) -> [ReaderEffect] {
        guard ticket == self.ticket, list.query == nil else { return [] }
        list.replace(handles, isAll: isAll, rows: frame.bodyRows)
        return isAll ? [] : [.list(list.source.filter, limit: nil, ticket: ticket)]
    }

    mutating func performInSources(_ command: ReaderCommand) -> [ReaderEffect] {
        switch command {
        case .open, .switchPane:
            focus = .list
            return sources.selected.map { show($0) } ?? []
        case .search, .toggleUnreadOnly, .toggleCompact, .refresh:
            focus = .list
            return performInList(command)
        case .back: return []
        default:
            sources.move(command, rows: frame.bodyRows)
            // Beside the list, the list follows.
            return frame.isWide ? sources.selected.map { show($0) } ?? [] : []
        }
    }

    mutating func performInList(_ command: ReaderCommand) -> [ReaderEffect] {
        let page = list.page(rows: frame.bodyRows)
        if let line = command.target(from: list.window.selected, count: list.handles.count, page: page) {
            list.select(line, rows: frame.bodyRows)
            return []
        }
        switch command {
        case .open: return list.selectedHandle.map { [.open(.handle($0), .push)] } ?? []
        case .back:
            if list.query != nil { return widen() }
            focus = .sources
        case .switchPane: focus = .sources
        case .nextHit: return seekUnread(isBack: false)
        case .previousHit: return seekUnread(isBack: true)
        case .search: startSearch()
        case .refresh: return refresh()
        case .toggleCompact:
            list.itemHeight = list.itemHeight == 1 ? 3 : 1
            list.select(list.window.selected, rows: frame.bodyRows)
        case .toggleUnreadOnly: return toggleUnreadOnly()
        case .markAllRead: askToMarkAll()
        default: return mark(command)
        }
        return []
    }

    private mutating func toggleUnreadOnly() -> [ReaderEffect] {
        var source = list.source
        let isOn = source.filter.unread == true
        source.filter.unread = isOn ? nil : true
        let mark = ", unread"
        source.title = isOn && source.title.hasSuffix(mark) ? String(source.title.dropLast(mark.count)) : source.title
        if isOn, source.filter == ArticleFilter() { source.title = "All articles" }
        if !isOn { source.title += mark }
        return show(source)
    }

    // MARK: Unread ones

    /// Looks for an unread article behind the chosen one, or before it.
    mutating func seekUnread(isBack: Bool) -> [ReaderEffect] {
        let (handles, at) = (list.handles, list.window.selected)
        guard handles.indices.contains(at) else { return [] }
        let order = isBack ? Array(handles[..<at].reversed()) : Array(handles[(at + 1)...])
        return [.seekUnread(order)]
    }

    mutating func sought(_ handle: ArticleHandle?) -> [ReaderEffect] {
        guard let handle, let place = list.handles.firstIndex(of: handle) else {
            message = Message(text: "no unread article that way")
            return []
        }
        list.select(place, rows: frame.bodyRows)
        return focus == .article ? [.open(.handle(handle), .replace)] : []
    }

    // MARK: Search

    private mutating func startSearch() {
        prompt = Prompt(purpose: .search, text: "")
    }

    /// Asks for what the words so far find: the last one may go on.
    mutating func search(_ text: String) -> [ReaderEffect] {
        ticket += 1
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
            let hadQuery = list.query != nil
            list.widen(rows: frame.bodyRows)
            list.query = hadQuery || !text.isEmpty ? "" : nil
            return []
        }
        list.query = text
        let isOpen = text.last.map { $0.isLetter || $0.isNumber } ?? false
        return [.search(isOpen ? text + "*" : text, list.source.filter, ticket: ticket)]
    }

    /// Ends the search, and reads the list again if it was not whole when it was narrowed.
    mutating func widen() -> [ReaderEffect] {
        ticket += 1
        list.widen(rows: frame.bodyRows)
        return list.isAll ? [] : [.list(list.source.filter, limit: nil, ticket: ticket)]
    }
}
