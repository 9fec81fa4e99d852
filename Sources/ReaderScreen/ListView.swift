import SQLiteReplica
import SyncCore
import TerminalScreen
import TerminalText

/// Feeds, sections, tags, with what is unread in them.
enum SourceView {
    static func draw(_ model: ReaderModel, width: Int, _ grid: inout Grid) {
        let pane = model.sources
        for (row, index) in pane.window.visible(count: pane.lines.count, page: model.frame.bodyRows).enumerated() {
            switch pane.lines[index] {
            case .heading(let title):
                grid.draw(
                    TextWidth.truncated(SafeText.line(title), to: width - 1), at: Grid.Place(column: 1, row: row + 1),
                    CellStyle(bold: true))
            case .item(let item):
                let count = item.count.map { $0 > 0 ? "\($0)" : "" } ?? ""
                let room = max(4, width - 3 - count.utf8.count)
                let title = TextWidth.truncated(SafeText.line(item.source.title), to: room)
                let style = CellStyle(bold: item.count.map { $0 > 0 } ?? false)
                grid.draw(title, at: Grid.Place(column: 2, row: row + 1), width: width - 2, style)
                grid.draw(count, at: Grid.Place(column: width - count.utf8.count, row: row + 1), CellStyle(dim: true))
            }
            guard index == pane.window.selected else { continue }
            grid.restyle(row: row + 1, columns: 1..<width) { style in
                style.isReversed = model.focus == .sources
                style.isUnderlined = model.focus != .sources
            }
        }
    }
}

/// A list of articles: kicker, age and reading time; headline; standfirst.
enum ListView {
    /// Columns from which on a row says how far its article was read.
    private static let progressWidth = 60

    static func draw(_ model: ReaderModel, from column: Int, _ grid: inout Grid) {
        let (list, frame) = (model.list, model.frame)
        let width = frame.columns - column - 1
        let seen = list.window.visible(count: list.handles.count, page: list.page(rows: frame.bodyRows))
        if seen.isEmpty { empty(model, column, &grid) }
        for (place, index) in seen.enumerated() {
            let row = 1 + place * list.itemHeight
            guard let article = list.known[list.handles[index]] else { continue }
            if list.itemHeight == 1 {
                grid.draw(single(article, model, width), at: Grid.Place(column: column, row: row))
            } else {
                let lines = triple(article, list.snippets[list.handles[index]], model, width)
                for (offset, line) in lines.enumerated() where row + offset <= frame.bodyRows {
                    grid.draw(line, at: Grid.Place(column: column, row: row + offset))
                }
            }
            guard index == list.window.selected else { continue }
            let chosen = row + (list.itemHeight == 1 ? 0 : 1)
            grid.restyle(row: chosen, columns: column..<frame.columns) { style in
                style.isReversed = model.focus == .list
                style.isUnderlined = model.focus != .list
            }
        }
    }

    private static func empty(_ model: ReaderModel, _ column: Int, _ grid: inout Grid) {
        let list = model.list
        let text =
            if let query = list.query, !query.isEmpty {
                "nothing found"
            } else if !list.isAll {
                "reading the list"
            } else if list.source.filter.unread == true {
                "nothing unread here"
            } else {
                "no articles here; 'reader-sync add URL' and 'reader-sync sync' bring some"
            }
        grid.draw(text, at: Grid.Place(column: column + 2, row: 2), CellStyle(dim: true))
    }

    /// As `reader-sync list` has them.
    private static func marks(_ article: ArticleSummary) -> StyledText {
        StyledText(article.isRead ? " " : "*", .good) + StyledText(article.isSaved ? "s" : " ", .warning)
            + StyledText(article.hasNote ? "n" : " ") + StyledText(article.correctedSinceRead ? "+" : " ", .accent)
            + StyledText(article.access == .subscriber ? "$" : " ")
    }

    private static func facts(_ article: ListedArticle, _ model: ReaderModel, _ width: Int) -> StyledText {
        let minutes = ReadingTime.minutes(characters: article.characters, language: article.summary.language)
        let progress = article.summary.progress
        let parts = [
            progress > 0 && width >= progressWidth ? "\(max(1, progress / 100))%" : "",
            model.texts.age(article.summary), minutes > 0 ? "\(minutes) min" : "",
        ]
        return StyledText(parts.filter { !$0.isEmpty }.joined(separator: " · "), .dim)
    }

    private static func headline(_ article: ArticleSummary) -> StyledText {
        StyledText(article.title, article.isRead ? .plain : .bold)
            + StyledText(article.tags.map { " #" + $0.text }.joined(), .accent)
    }

    private static func spread(_ left: StyledText, _ right: StyledText, _ width: Int) -> StyledText {
        let room = max(0, width - right.columns - 1)
        return left.truncated(to: room).padded(to: room) + " " + right
    }

    private static func triple(
        _ article: ListedArticle, _ snippet: String?, _ model: ReaderModel, _ width: Int
    ) -> [StyledText] {
        let summary = article.summary
        let above = [summary.kicker, summary.section, summary.byline.isEmpty ? nil : summary.byline]
        let kicker = marks(summary) + " " + StyledText(above.compactMap { $0 }.first ?? "", .accent)
        let rest = above.compactMap { $0 }.dropFirst().map { " · " + $0 }.joined()
        return [
            spread(kicker + StyledText(rest, .dim), facts(article, model, width), width),
            ("      " + headline(summary)).truncated(to: width),
            ("      " + (snippet.map { found($0) } ?? StyledText(summary.standfirst ?? "", .dim))).truncated(to: width),
        ]
    }

    private static func single(_ article: ListedArticle, _ model: ReaderModel, _ width: Int) -> StyledText {
        let summary = article.summary
        let kicker = StyledText(summary.kicker.map { $0 + ": " } ?? "", .dim)
        return spread(marks(summary) + " " + kicker + headline(summary), facts(article, model, width), width)
    }

    /// A piece of text with the words found in it between U+0002 and U+0003.
    private static func found(_ snippet: String) -> StyledText {
        var (result, run, style) = (StyledText(""), "", StyledText.Style.dim)
        for scalar in snippet.unicodeScalars {
            guard scalar == "\u{2}" || scalar == "\u{3}" else {
                run.unicodeScalars.append(scalar)
                continue
            }
            result = result + StyledText(run, style)
            (run, style) = ("", scalar == "\u{2}" ? .warning : .dim)
        }
        return result + StyledText(run, style)
    }
}

/// One article.
enum ArticleView {
    static func draw(_ pane: ArticlePane, _ model: ReaderModel, _ grid: inout Grid) {
        let frame = model.frame
        let needle = pane.wanted.lowercased()
        picture(pane, &grid)
        for (row, index) in pane.window.visible(count: pane.lines.count, page: frame.bodyRows).enumerated() {
            let line = pane.lines[index]
            let place = Grid.Place(column: frame.textMargin, row: row + 1)
            let end = grid.draw(line.text, at: place)
            if let chosen = pane.chosenLink, line.link == chosen {
                grid.restyle(row: row + 1, columns: place.column..<end) { $0.isReversed = true }
            }
            guard !needle.isEmpty else { continue }
            for range in ranges(of: needle, in: line.text.plain.lowercased()) {
                let columns = place.column + range.lowerBound..<place.column + range.upperBound
                grid.restyle(row: row + 1, columns: columns) { $0.isReversed = true }
            }
        }
    }

    /// The picture, while all of it is in sight.
    private static func picture(_ pane: ArticlePane, _ grid: inout Grid) {
        let seen = pane.seen
        guard let file = pane.open.picture, let picture = pane.picture, picture.line >= seen.lowerBound,
            picture.line + picture.rows <= seen.upperBound
        else { return }
        let place = Grid.Place(column: pane.frame.textMargin, row: 1 + picture.line - seen.lowerBound)
        grid.picture = Grid.Picture(place: place, columns: picture.columns, rows: picture.rows, path: file.path)
    }

    /// Where a text holds another one, in columns.
    private static func ranges(of needle: String, in text: String) -> [Range<Int>] {
        var (found, rest, column): ([Range<Int>], Substring, Int) = ([], Substring(text), 0)
        let width = TextWidth.columns(needle)
        while let first = rest.first {
            if rest.hasPrefix(needle) { found.append(column..<column + width) }
            column += TextWidth.columns(first)
            rest = rest.dropFirst()
        }
        return found
    }
}
