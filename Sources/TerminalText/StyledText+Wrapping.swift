extension StyledText {
    /// The line in lines of at most `columns`, broken at blanks; longer words are broken where they must. Blanks at a
    /// break are dropped, others stay.
    ///
    /// - Complexity: O(n) in the characters.
    public func wrapped(to columns: Int) -> [StyledText] {
        let columns = max(columns, 2)
        guard self.columns > columns else { return [self] }
        let cells = pieces.flatMap { piece in
            piece.text.map { Cell(character: $0, columns: TextWidth.columns($0), style: piece.style) }
        }
        var lines: [StyledText] = []
        var start = 0
        while start < cells.count {
            var (end, used, blank) = (start, 0, nil as Int?)
            while end < cells.count, used + cells[end].columns <= columns || end == start {
                if cells[end].isBlank { blank = end }
                used += cells[end].columns
                end += 1
            }
            // A blank just behind a line that is full ends it as well.
            if end < cells.count, !cells[end].isBlank, let blank, blank > start { end = blank }
            lines.append(Self.joined(cells[start..<end]))
            start = end
            while start < cells.count, cells[start].isBlank { start += 1 }
        }
        return lines
    }

    private struct Cell {
        var character: Character
        var columns: Int
        var style: Style
        var isBlank: Bool { character == " " }
    }

    private static func joined(_ cells: ArraySlice<Cell>) -> StyledText {
        var result = StyledText("")
        var rest = cells
        while let last = rest.last, last.isBlank, last.style == .plain { rest.removeLast() }
        while let first = rest.first {
            let run = rest.prefix { $0.style == first.style }
            result = result + StyledText(String(run.map(\.character)), first.style)
            rest = rest[run.endIndex...]
        }
        return result
    }
}
