import SQLiteReplica
import SyncCore

extension ReaderModel {
    /// Marks the article that is chosen or read.
    mutating func mark(_ command: ReaderCommand) -> [ReaderEffect] {
        guard let target else { return [] }
        let id = target.id
        switch command {
        case .browse:
            guard let address = target.url else {
                message = Message(text: "the feed names no page of it", isFailure: true)
                return []
            }
            return [.browse(address)]
        case .toggleRead: return setRead(target, !target.isRead)
        case .markUnread: return setRead(target, false)
        case .toggleSaved:
            let saves = !target.isSaved
            return record([.saved(id, saves)], done: saves ? "saved" : "let go", of: id)
        case .editTags:
            let tags = target.tags.map(\.text).joined(separator: ", ")
            prompt = Prompt(purpose: .tags(id, before: target.tags), text: tags.isEmpty ? "" : tags + ", ")
        case .editNote: return [.editNote(id)]
        default: break
        }
        return []
    }

    private func setRead(_ target: ArticleSummary, _ isRead: Bool) -> [ReaderEffect] {
        record(
            [.read(target.id, isRead, by: .explicit)], done: isRead ? "marked read" : "marked unread", of: target.id)
    }

    /// Sets the tags that were typed, and takes off those that were not.
    mutating func setTags(_ text: String, on id: ArticleID, before: [TagName]) -> [ReaderEffect] {
        let words = text.split(separator: ",").map { $0.drop { $0 == " " } }.map { word in
            String(word.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
        var wanted: [TagName] = []
        for word in words {
            guard let tag = TagName(word) else {
                message = Message(
                    text: "'\(word)' is no tag: it has at most \(TagName.maximumBytes) bytes", isFailure: true)
                return []
            }
            if !wanted.contains(tag) { wanted.append(tag) }
        }
        let (added, gone) = (wanted.filter { !before.contains($0) }, before.filter { !wanted.contains($0) })
        guard !added.isEmpty || !gone.isEmpty else { return [] }
        let done = (added.map { "+" + $0.text } + gone.map { "-" + $0.text }).joined(separator: " ")
        return record(
            added.map { .tag(id, $0, true) } + gone.map { .tag(id, $0, false) }, done: "tags: \(done)", of: id)
    }

    private func record(_ edits: [Edit?], done: String, of id: ArticleID) -> [ReaderEffect] {
        [.record(edits.compactMap { $0 }, done: done, articles: [id])]
    }

    /// The articles that the list names now, and no others: none that a sync brings meanwhile.
    mutating func askToMarkAll() {
        guard !list.handles.isEmpty else { return }
        guard list.isAll || list.query != nil else {
            message = Message(text: "the list is still being read; press A again")
            return
        }
        let count = list.handles.count
        question = Question(
            text: count == 1 ? "Mark this article read? y/n" : "Mark the \(count) articles of this list read? y/n",
            effect: .markRead(list.handles))
    }

    mutating func takeBack() -> [ReaderEffect] {
        guard let step = undo.popLast() else {
            message = Message(text: "there is no mark of this sitting to take back")
            return []
        }
        return [.undo(step)]
    }

    mutating func recorded(_ done: String, _ ids: [ArticleID], _ step: UndoStep?) -> [ReaderEffect] {
        message = Message(text: done)
        if let step, !step.batches.isEmpty {
            undo.append(step)
            if undo.count > Self.maximumUndo { undo.removeFirst() }
        }
        // What is seen is read again; it is one screen.
        let changed = Set(ids)
        list.known = list.known.filter { !changed.contains($0.value.summary.id) }
        let shown = articles.filter { changed.contains($0.open.detail.summary.id) }
        return shown.map { .open(.handle($0.open.handle), .update) } + [.count]
    }
}
