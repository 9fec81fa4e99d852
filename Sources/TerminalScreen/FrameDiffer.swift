/// Turns one screen into the next with few bytes: over ssh on a train every one counts.
///
/// It trusts the terminal in little. Behind a character that terminals measure differently the cursor is placed anew, and
/// the right margin is never written into by wrapping (the screen is entered with that switched off).
public struct FrameDiffer: Sendable {
    private let depth: ColourDepth
    private var shown: Grid?

    /// Most unchanged cells that are written again rather than jumped over: a jump takes as many bytes.
    private static let shortGap = 4

    /// Makes a differ for a terminal that shows nothing it knows of.
    public init(_ depth: ColourDepth) { self.depth = depth }

    /// The terminal's screen is not what was written: after a suspension, or when its size changed.
    public mutating func forget() { shown = nil }

    /// The bytes that make the terminal show `next`; empty if it does already.
    public mutating func frame(_ next: Grid) -> String {
        let known = shown.flatMap { $0.columns == next.columns && $0.rows == next.rows ? $0 : nil }
        defer { shown = next }
        if known == next { return "" }
        var writer = FrameWriter(depth: depth)
        if known == nil { writer.clear() }
        let before = known ?? Grid(columns: next.columns, rows: next.rows)
        for row in 0..<next.rows where before[row] != next[row] {
            Self.write(row, from: before[row], to: next[row], &writer)
        }
        writer.finish(cursor: next.cursor)
        return writer.out
    }

    private static func write(
        _ row: Int, from old: ArraySlice<Grid.Cell>, to new: ArraySlice<Grid.Cell>, _ writer: inout FrameWriter
    ) {
        let (old, new) = (Array(old), Array(new))
        // What is blank to the end is erased in one go.
        let filled = new.lastIndex { $0 != .blank }.map { $0 + 1 } ?? 0
        let erases = old[filled...].contains { $0 != .blank }
        var column = 0
        while column < filled {
            guard old[column] != new[column] else {
                column += 1
                continue
            }
            // Both halves of a wide character are written, or none.
            var from = column
            while from > 0, new[from].character == nil { from -= 1 }
            var (to, same) = (column + 1, 0)
            while to < filled, same <= shortGap {
                same = old[to] == new[to] ? same + 1 : 0
                to += 1
            }
            to = same > shortGap ? to - same : to
            writer.write(new[from..<to], column: from, row: row)
            column = to
        }
        if erases { writer.eraseToEnd(column: filled, row: row) }
    }
}

/// Writes cells, and keeps account of where the terminal's cursor is and what look it writes in.
private struct FrameWriter {
    let depth: ColourDepth
    // Terminals that know synchronised output show the frame at once; the others take no notice of mode 2026.
    var out = "\u{1B}[?2026h\u{1B}[?25l"
    private var cursor: Grid.Place?
    private var style: CellStyle?

    init(depth: ColourDepth) { self.depth = depth }

    mutating func clear() {
        set(.plain)
        out += "\u{1B}[2J"
    }

    mutating func write(_ cells: ArraySlice<Grid.Cell>, column: Int, row: Int) {
        var column = column
        for cell in cells {
            defer { column += 1 }
            guard let character = cell.character else { continue }
            move(to: Grid.Place(column: column, row: row))
            set(cell.style)
            out.append(character)
            cursor = Self.isSimple(character) ? Grid.Place(column: column + 1, row: row) : nil
        }
    }

    mutating func eraseToEnd(column: Int, row: Int) {
        move(to: Grid.Place(column: column, row: row))
        set(.plain)
        out += "\u{1B}[K"
    }

    mutating func finish(cursor place: Grid.Place?) {
        set(.plain)
        if let place {
            cursor = nil
            move(to: place)
            out += "\u{1B}[?25h"
        }
        out += "\u{1B}[?2026l"
    }

    /// Whether all terminals agree that it takes one column.
    private static func isSimple(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        return scalars.count == 1 && scalars.allSatisfy { $0.value < 0x300 }
    }

    private mutating func move(to place: Grid.Place) {
        guard cursor != place else { return }
        out += "\u{1B}[\(place.row + 1);\(place.column + 1)H"
        cursor = place
    }

    private mutating func set(_ style: CellStyle) {
        guard self.style != style else { return }
        out += style.sequence(depth)
        self.style = style
    }
}
