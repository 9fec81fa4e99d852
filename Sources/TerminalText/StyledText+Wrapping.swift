extension StyledText {
    /// The line in lines of at most `columns`, broken at blanks; longer words are broken where they must. Blanks at a
    /// break are dropped, others stay. Each line is indented as the first one is, at most to the middle.
    ///
    /// - Parameter keepsAddresses: whether an address that is longer than a line stays whole, so that it can be followed
    ///   and copied: the only line that may be longer.
    /// - Complexity: O(n) in the characters.
    public func wrapped(to columns: Int, keepsAddresses: Bool = false) -> [StyledText] {
        let columns = max(columns, 2)
        guard self.columns > columns else { return [self] }
        let cells = pieces.flatMap { piece in
            piece.text.map { Cell(character: $0, columns: TextWidth.columns($0), style: piece.style) }
        }
        var start = cells.prefix { $0.isBlank }.count
        let indentation = cells[..<min(start, (columns - 1) / 2)]
        let room = columns - indentation.count
        guard start < cells.count else { return [""] }
        var lines: [StyledText] = []
        while start < cells.count {
            let end = Self.end(of: cells[start...], room: room, keepsAddresses: keepsAddresses)
            lines.append(Self.joined(indentation + cells[start..<end]))
            start = end
            while start < cells.count, cells[start].isBlank { start += 1 }
        }
        return lines
    }

    /// Where the first line of the cells ends, which begin with no blank.
    private static func end(of cells: ArraySlice<Cell>, room: Int, keepsAddresses: Bool) -> Int {
        var (end, used, blank) = (cells.startIndex, 0, nil as Int?)
        while end < cells.endIndex, used + cells[end].columns <= room || end == cells.startIndex {
            if cells[end].isBlank { blank = end }
            used += cells[end].columns
            end += 1
        }
        // A blank just behind a line that is full ends it as well.
        guard end < cells.endIndex, !cells[end].isBlank else { return end }
        let word = cells[(blank.map { $0 + 1 } ?? cells.startIndex)...]
        if keepsAddresses, let length = lengthOfLongAddress(word, room: room) { return word.startIndex + length }
        return blank ?? end
    }

    /// How long the word is that the cells begin with, if it is an address that fits in no line.
    private static func lengthOfLongAddress(_ cells: ArraySlice<Cell>, room: Int) -> Int? {
        // The scheme is near the beginning: a word of any length is not looked through for each of its lines.
        let beginning = String(cells.prefix(24).prefix { !$0.isBlank }.map(\.character))
        guard beginning.contains("://"), cells.prefix(room + 1).allSatisfy({ !$0.isBlank }) else { return nil }
        return cells.prefix { !$0.isBlank }.count
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
