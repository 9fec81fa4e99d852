import SyncCore
public import TerminalText

/// A screen full of characters. What is drawn outside is cut off, and no cell can hold a control character.
public struct Grid: Sendable, Hashable {
    /// One place.
    public struct Cell: Sendable, Hashable {
        /// What stands there; `nil` in the right half of a wide character.
        public var character: Character?
        /// How it looks.
        public var style: CellStyle

        /// An empty place.
        public static let blank = Cell(character: " ", style: .plain)
    }

    /// A place: column and row from the upper left, 0 and up.
    public struct Place: Sendable, Hashable {
        /// From the left, 0 and up.
        public var column: Int
        /// From the top, 0 and up.
        public var row: Int

        /// Makes a place.
        public init(column: Int, row: Int) { (self.column, self.row) = (column, row) }
    }

    /// A picture over some cells.
    public struct Picture: Sendable, Hashable {
        /// Its upper left cell.
        public var place: Place
        /// Cells across.
        public var columns: Int
        /// Cells down.
        public var rows: Int
        /// Where its file is.
        public var path: String

        /// Makes a picture.
        public init(place: Place, columns: Int, rows: Int, path: String) {
            (self.place, self.columns, self.rows, self.path) = (place, columns, rows, path)
        }
    }

    /// Cells in a row, 1 to ``maximumSide``.
    public let columns: Int
    /// Rows, 1 to ``maximumSide``.
    public let rows: Int
    /// Where the cursor is shown; `nil`: nowhere.
    public var cursor: Place?
    /// What is shown over the cells, where the terminal can.
    public var picture: Picture?
    private var cells: [Cell]

    /// Most columns and rows: what a terminal says of its size is not believed without end.
    public static let maximumSide = 1_000

    /// Makes an empty screen of at least one cell.
    public init(columns: Int, rows: Int) {
        self.columns = min(max(columns, 1), Self.maximumSide)
        self.rows = min(max(rows, 1), Self.maximumSide)
        cells = Array(repeating: .blank, count: self.columns * self.rows)
    }

    /// A row of cells.
    public subscript(row: Int) -> ArraySlice<Cell> { cells[row * columns..<(row + 1) * columns] }

    /// Draws text of one look on one row.
    ///
    /// - Parameters:
    ///   - width: the columns that it may take; what does not fit is left out.
    /// - Returns: the column behind it.
    @discardableResult
    public mutating func draw(
        _ text: String, at place: Place, width: Int = .max, _ style: CellStyle = .plain
    ) -> Int {
        let end = place.column + min(width, columns - min(place.column, columns))
        var column = place.column
        guard place.row >= 0, place.row < rows, column >= 0 else { return column }
        for character in text where !character.unicodeScalars.contains(where: { $0.isControl }) {
            let size = TextWidth.columns(character)
            if size == 0 { continue }
            guard column + size <= end else { break }
            put(character, size: size, column: column, row: place.row, style)
            column += size
        }
        return column
    }

    /// Draws a line of several looks.
    ///
    /// - Parameter changing: what is done to each look, such as reversing it.
    @discardableResult
    public mutating func draw(
        _ text: StyledText, at place: Place, width: Int = .max, changing: (inout CellStyle) -> Void = { _ in }
    ) -> Int {
        var place = place
        let end = width == .max ? Int.max : place.column + width
        for piece in text.pieces {
            var style = CellStyle(piece.style)
            changing(&style)
            place.column = draw(piece.text, at: place, width: end - place.column, style)
        }
        return place.column
    }

    /// Changes the looks of a part of a row.
    public mutating func restyle(row: Int, columns range: Range<Int>, _ change: (inout CellStyle) -> Void) {
        guard row >= 0, row < rows else { return }
        for column in range.clamped(to: 0..<columns) { change(&cells[row * columns + column].style) }
    }

    private mutating func put(_ character: Character, size: Int, column: Int, row: Int, _ style: CellStyle) {
        let at = row * columns + column
        // Half of a wide character is none.
        if cells[at].character == nil, column > 0 { cells[at - 1].character = " " }
        let behind = at + size
        if column + size < columns, cells[behind].character == nil { cells[behind].character = " " }
        cells[at] = Cell(character: character, style: style)
        if size == 2 { cells[at + 1] = Cell(character: nil, style: style) }
    }

    /// The text of a row, without blanks at its end.
    public func text(row: Int) -> String {
        let text = String(self[row].compactMap(\.character))
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    /// All rows as text.
    public var text: String { (0..<rows).map { text(row: $0) }.joined(separator: "\n") }
}
