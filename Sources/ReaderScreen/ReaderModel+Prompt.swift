import TerminalScreen

extension ReaderModel {
    mutating func pressInPrompt(_ key: Key) -> [ReaderEffect] {
        guard var prompt else { return [] }
        let outcome = prompt.take(key)
        self.prompt = outcome == .accepted || outcome == .dismissed ? nil : prompt
        switch prompt.purpose {
        case .search:
            switch outcome {
            case .changed: return search(prompt.text)
            case .dismissed: return widen()
            case .accepted: return list.query == "" ? widen() : []
            case .nothing: return moveWhileTyping(key)
            }
        case .find:
            if outcome == .nothing || articles.isEmpty { return [] }
            articles[articles.count - 1].wanted = outcome == .dismissed ? "" : prompt.text
            if outcome != .dismissed, !prompt.text.isEmpty { find(isBack: false, stays: true) }
        case .tags(let id, let before):
            if outcome == .accepted { return setTags(prompt.text, on: id, before: before) }
        case .link:
            if outcome == .accepted { return follow(number: prompt.text) }
        }
        return []
    }

    /// Keys that type nothing still choose among what was found.
    private mutating func moveWhileTyping(_ key: Key) -> [ReaderEffect] {
        guard let command = KeyBinding.command(of: key, in: .list),
            let line = command.target(
                from: list.window.selected, count: list.handles.count, page: list.page(rows: frame.bodyRows))
        else { return [] }
        list.select(line, rows: frame.bodyRows)
        return []
    }
}
