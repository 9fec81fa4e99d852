import SQLiteReplica
public import TerminalScreen
import TerminalText

/// Draws a reader's screen.
public enum ReaderView {
    /// The screen of a model.
    public static func draw(_ model: ReaderModel) -> Grid {
        var grid = Grid(columns: model.frame.columns, rows: model.frame.rows)
        guard model.frame.rows >= 4, model.frame.columns >= 24 else {
            grid.draw("too small", at: Grid.Place(column: 0, row: 0))
            return grid
        }
        if let leaf = model.leaf {
            draw(leaf, model.frame, &grid)
        } else if model.focus == .article, let pane = model.articles.last {
            ArticleView.draw(pane, model, &grid)
        } else {
            drawPanes(model, &grid)
        }
        title(model, &grid)
        bottom(model, &grid)
        return grid
    }

    private static func drawPanes(_ model: ReaderModel, _ grid: inout Grid) {
        let frame = model.frame
        guard frame.isWide else {
            if model.focus == .sources {
                SourceView.draw(model, width: frame.columns, &grid)
            } else {
                ListView.draw(model, from: 0, &grid)
            }
            return
        }
        SourceView.draw(model, width: frame.sourceWidth - 2, &grid)
        for row in 1...frame.bodyRows {
            grid.draw(
                model.texts.isUnicode ? "│" : "|", at: Grid.Place(column: frame.sourceWidth - 1, row: row),
                CellStyle(dim: true))
        }
        ListView.draw(model, from: frame.sourceWidth, &grid)
    }

    private static func draw(_ leaf: ReaderModel.Leaf, _ frame: ReaderFrame, _ grid: inout Grid) {
        for (row, line) in leaf.window.visible(count: leaf.lines.count, page: frame.bodyRows).enumerated() {
            grid.draw(leaf.lines[line].truncated(to: frame.columns - 2), at: Grid.Place(column: 1, row: row + 1))
        }
    }

    // MARK: First and last row

    private static func title(_ model: ReaderModel, _ grid: inout Grid) {
        let pending = model.sources.pending
        let right = pending > 0 ? "\(pending) to send " : ""
        bar(name(model), right, row: 0, &grid)
    }

    private static func name(_ model: ReaderModel) -> String {
        if let leaf = model.leaf { return leaf.title }
        if model.focus == .article, let pane = model.articles.last {
            return TextWidth.truncated(
                SafeText.line(pane.open.detail.summary.title), to: max(1, model.frame.columns - 16))
        }
        if model.focus == .sources, !model.frame.isWide { return "Feeds and sections" }
        let title = model.list.source.title
        guard let query = model.list.query, !query.isEmpty else { return title }
        return "\(title): \(query)"
    }

    private static func bottom(_ model: ReaderModel, _ grid: inout Grid) {
        let row = model.frame.rows - 1
        if let prompt = model.prompt {
            let width = model.frame.columns - 1
            // The end of what is typed is in sight.
            var text = Substring(prompt.label + prompt.text)
            while TextWidth.columns(String(text)) > width { text = text.dropFirst() }
            let end = grid.draw(String(text), at: Grid.Place(column: 0, row: row), CellStyle(bold: true))
            grid.cursor = Grid.Place(column: min(end, width), row: row)
            let found = prompt.purpose == .search ? model.message?.text ?? position(model) : ""
            let start = model.frame.columns - TextWidth.columns(found) - 1
            if start > end + 2 { grid.draw(found, at: Grid.Place(column: start, row: row), CellStyle(dim: true)) }
            return
        }
        if let question = model.question {
            grid.draw(question.text, at: Grid.Place(column: 0, row: row), CellStyle(.yellow, bold: true))
            return
        }
        bar(model.message?.text ?? hints(model), position(model) + " ", row: row, &grid)
        if model.message?.isFailure == true {
            grid.restyle(row: row, columns: 0..<model.frame.columns) { $0.colour = .red }
        }
    }

    private static func bar(_ left: String, _ right: String, row: Int, _ grid: inout Grid) {
        let width = grid.columns
        let end = TextWidth.columns(right)
        let text = TextWidth.truncated(SafeText.line(left), to: max(0, width - end - 2))
        grid.draw(text, at: Grid.Place(column: 1, row: row))
        grid.draw(right, at: Grid.Place(column: max(0, width - end), row: row))
        grid.restyle(row: row, columns: 0..<width) { $0.isReversed = true }
    }

    private static func hints(_ model: ReaderModel) -> String {
        let focus: ReaderFocus = model.focus
        return KeyBinding.all.filter { $0.focuses.contains(focus) }.compactMap { binding in
            binding.hint.map { "\(binding.keys[0].name):\($0)" }
        }.joined(separator: "  ")
    }

    /// How far something is in sight that may go on below.
    private static func reached(_ window: ScrollWindow, of count: Int, _ model: ReaderModel) -> String {
        let last = window.visible(count: count, page: model.frame.bodyRows).upperBound
        return last >= count ? "end" : "\(last * 100 / max(1, count))%"
    }

    private static func position(_ model: ReaderModel) -> String {
        if let leaf = model.leaf { return reached(leaf.window, of: leaf.lines.count, model) }
        switch model.focus {
        case .article:
            guard let pane = model.articles.last else { return "" }
            let last = pane.seen.upperBound
            guard last < pane.lines.count else { return "end" }
            let points = pane.progress.scale.points(at: last - 1)
            return "\(points.map { $0 / 100 } ?? last * 100 / max(1, pane.lines.count))%"
        case .list, .sources:
            let list = model.list
            guard !list.handles.isEmpty else { return "" }
            let more = list.hasMore || (!list.isAll && list.query == nil) ? "+" : ""
            return "\(list.window.selected + 1)/\(list.handles.count)\(more)"
        }
    }
}

/// The keys, from ``KeyBinding/all``, and those of ``Prompt``.
enum HelpView {
    static let lines: [StyledText] = {
        let titles: [(ReaderFocus, String)] = [
            (.list, "In a list"), (.article, "In an article"), (.sources, "In feeds and sections"),
        ]
        let everywhere = KeyBinding.all.filter { $0.focuses.count == ReaderFocus.allCases.count }
        var lines = section("Everywhere", everywhere)
        for (focus, title) in titles {
            let own = KeyBinding.all.filter {
                $0.focuses.contains(focus) && $0.focuses.count < ReaderFocus.allCases.count
            }
            lines += [""] + section(title, own)
        }
        let marks = [
            ("*", "unread"), ("s", "saved"), ("n", "with a note"), ("+", "corrected since you read it"),
            ("$", "for subscribers"),
        ]
        let typing = [
            (Key.enter.name, "done"), ([Key.escape, .control("c")].map(\.name).joined(separator: ", "), "never mind"),
            (Key.control("u").name, "delete all"), (Key.control("w").name, "delete a word"),
        ]
        return lines + section("Where something is typed", typing) + section("Marks", marks)
    }()

    private static func section(_ title: String, _ rows: [(String, String)]) -> [StyledText] {
        ["", StyledText(title, .bold)]
            + rows.map { name, meaning in StyledText("  " + name, .accent).padded(to: 26) + StyledText(meaning) }
    }

    private static func section(_ title: String, _ bindings: [KeyBinding]) -> [StyledText] {
        [StyledText(title, .bold)]
            + bindings.map { binding in
                StyledText("  " + binding.names, .accent).padded(to: 26) + StyledText(binding.help)
            }
    }
}

extension KeyBinding {
    /// The table as lines of text, for `read --help`.
    public static var table: [String] { HelpView.lines.map(\.plain) }
}
