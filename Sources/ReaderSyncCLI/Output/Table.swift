import TerminalText

/// Rows in columns. On a terminal the one flexible column gives way so that no line breaks; elsewhere nothing is
/// cut, and what stands in a column is what the row says.
struct Table {
    struct Column {
        var title: String
        var alignsRight = false
        /// Gives way when the terminal is narrow; at most one column does.
        var isFlexible = false
    }

    var columns: [Column]
    var rows: [[StyledText]]

    /// Least width of the flexible column; below, lines break.
    static let minimumFlexible = 12

    /// The lines, the titles first if there are any.
    ///
    /// - Parameter width: the terminal's columns; `nil` where there is no terminal.
    func lines(width: Int?) -> [StyledText] {
        let titles =
            columns.contains { !$0.title.isEmpty } ? [columns.map { StyledText($0.title, .dim) }] : []
        let all = titles + rows
        var widths = columns.indices.map { column in all.map { $0[column].columns }.max() ?? 0 }
        if let width, let flexible = columns.firstIndex(where: \.isFlexible) {
            let others = widths.reduce(0, +) - widths[flexible] + 2 * (columns.count - 1)
            widths[flexible] = min(widths[flexible], max(Self.minimumFlexible, width - others))
        }
        return all.map { row in line(row, widths: widths) }
    }

    private func line(_ row: [StyledText], widths: [Int]) -> StyledText {
        var result = StyledText("")
        for (index, cell) in row.enumerated() {
            let cut = cell.truncated(to: widths[index])
            let isLast = row.dropFirst(index + 1).allSatisfy { $0.pieces.isEmpty }
            let padded =
                isLast && !columns[index].alignsRight
                ? cut : cut.padded(to: widths[index], atLeft: columns[index].alignsRight)
            result = result + (index == 0 ? "" : "  ") + padded
            if isLast { break }
        }
        return result
    }
}
