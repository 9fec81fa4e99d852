/// Which of many lines are seen, and which one is chosen.
struct ScrollWindow: Sendable, Hashable {
    /// The chosen line.
    private(set) var selected = 0
    /// The first line that is seen.
    private(set) var top = 0

    /// Chooses a line, or the nearest there is, and moves as little as makes it seen.
    mutating func select(_ line: Int, count: Int, page: Int) {
        selected = max(0, min(line, count - 1))
        let page = max(1, page)
        if selected < top { top = selected }
        if selected >= top + page { top = selected - page + 1 }
        top = max(0, min(top, count - page))
    }

    /// What is seen.
    func visible(count: Int, page: Int) -> Range<Int> {
        let from = min(top, max(0, count))
        return from..<min(count, from + max(1, page))
    }

    /// Scrolls as a text does, without a chosen line.
    mutating func scroll(to line: Int, count: Int, page: Int) {
        top = max(0, min(line, count - max(1, page)))
        selected = top
    }
}

extension ReaderCommand {
    /// Where a movement leads from a line; `nil` for what is none.
    func target(from line: Int, count: Int, page: Int) -> Int? {
        switch self {
        case .down: line + 1
        case .up: line - 1
        case .pageDown: line + page
        case .pageUp: line - page
        case .halfDown: line + max(1, page / 2)
        case .halfUp: line - max(1, page / 2)
        case .top: 0
        case .bottom: count - 1
        default: nil
        }
    }
}
