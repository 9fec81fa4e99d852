import SyncTestKit
import TerminalScreen
import TerminalText
import Testing

@Suite("The bytes from one screen to the next")
struct FrameDifferTests {
    private static let words = ["plain", "港の夜", "e\u{301}tude", "👩‍🚀", "", "   ", "a longer piece of text", "❤️", "x"]
    private static let styles = [
        CellStyle.plain, CellStyle(bold: true), CellStyle(.green), CellStyle(reversed: true),
        CellStyle(.red, dim: true),
    ]

    private static func screen(_ random: inout SeededRandom, over grid: Grid) -> Grid {
        var grid = grid
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let place = Grid.Place(
                column: Int.random(in: -1...grid.columns, using: &random),
                row: Int.random(in: -1...grid.rows, using: &random))
            grid.draw(
                words.randomElement(using: &random) ?? "", at: place, width: Int.random(in: 0...30, using: &random),
                styles.randomElement(using: &random) ?? .plain)
        }
        grid.cursor =
            Bool.random(using: &random)
            ? nil : Grid.Place(column: Int.random(in: 0..<grid.columns, using: &random), row: 0)
        return grid
    }

    @Test("a terminal that got every frame shows the last screen", arguments: 0..<60 as Range<UInt64>)
    func frames(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var (differ, paper) = (FrameDiffer(.sixteen), PaperTerminal(columns: 40, rows: 8))
        var grid = Grid(columns: 40, rows: 8)
        for _ in 0..<30 {
            let isNew = Int.random(in: 0..<5, using: &random) == 0
            grid = Self.screen(&random, over: isNew ? Grid(columns: 40, rows: 8) : grid)
            if Int.random(in: 0..<10, using: &random) == 0 { differ.forget() }
            try paper.take(differ.frame(grid))
            for row in 0..<grid.rows {
                #expect(paper.characters[row] == grid[row].map(\.character))
                for (look, cell) in zip(paper.looks[row], grid[row]) where cell.character != nil {
                    #expect(look == Self.codes(cell.style))
                }
            }
            #expect(paper.isCursorShown == (grid.cursor != nil))
            if let cursor = grid.cursor { #expect(paper.cursor == cursor) }
        }
    }

    private static func codes(_ style: CellStyle) -> String {
        var codes = ["0"]
        if style.isBold { codes.append("1") }
        if style.isDim { codes.append("2") }
        if style.isUnderlined { codes.append("4") }
        if style.isReversed { codes.append("7") }
        if let colour = style.colour { codes.append(String(30 + colour.rawValue)) }
        return codes.joined(separator: ";")
    }

    @Test("the same screen again is no byte, one changed word only that word")
    func economy() {
        var differ = FrameDiffer(.sixteen)
        var grid = Grid(columns: 100, rows: 30)
        for row in 0..<30 { grid.draw("A line of text that stays where it is, \(row)", at: .init(column: 2, row: row)) }
        _ = differ.frame(grid)
        #expect(differ.frame(grid).isEmpty)
        grid.draw("B", at: .init(column: 2, row: 7))
        let bytes = differ.frame(grid)
        #expect(bytes.contains("B") && !bytes.contains("line"))
        #expect(bytes.utf8.count < 60)
    }

    @Test("without colours, bold and reversed stay and no colour is named")
    func noColour() {
        var differ = FrameDiffer(.none)
        var grid = Grid(columns: 20, rows: 1)
        grid.draw("x", at: .init(column: 0, row: 0), CellStyle(.red, bold: true, reversed: true))
        let bytes = differ.frame(grid)
        #expect(bytes.contains("\u{1B}[0;1;7m"))
        #expect(!bytes.contains("31"))
    }

    @Test(
        "colours are for terminals that have them and people who want them",
        arguments: [
            ([:], ColourDepth.sixteen), (["NO_COLOR": "1"], .none), (["NO_COLOR": ""], .sixteen),
            (["TERM": "vt220"], .none),
            (["TERM": "tmux-256color"], .sixteen),
        ] as [([String: String], ColourDepth)])
    func depth(_ environment: [String: String], _ expected: ColourDepth) {
        #expect(ColourDepth(environment: { environment[$0] }) == expected)
        #expect(ColourDepth(environment: { environment[$0] }, isWanted: false) == .none)
        let isOld = environment["TERM"] == "vt220"
        #expect(ColourDepth(environment: { environment[$0] }, isWanted: true) == (isOld ? .none : .sixteen))
    }
}

@Suite("A screen of cells")
struct GridTests {
    @Test("text is cut at its width and at the margin, and a wide character is never halved")
    func cutting() {
        var grid = Grid(columns: 6, rows: 2)
        grid.draw("港の夜明け", at: .init(column: 1, row: 0))
        #expect(grid.text(row: 0) == " 港の")
        grid.draw("abcdef", at: .init(column: 0, row: 1), width: 3)
        #expect(grid.text(row: 1) == "abc")
        grid.draw("x", at: .init(column: 2, row: 0))
        #expect(grid.text(row: 0) == "  xの")
    }

    @Test("what is outside is not drawn")
    func outside() {
        var grid = Grid(columns: 4, rows: 1)
        for place in [(-1, 0), (4, 0), (0, 1), (0, -1)] { grid.draw("x", at: .init(column: place.0, row: place.1)) }
        #expect(grid == Grid(columns: 4, rows: 1))
        #expect(Grid(columns: 0, rows: .max).columns == 1)
        #expect(Grid(columns: 0, rows: .max).rows == Grid.maximumSide)
    }

    @Test("no cell takes a control character")
    func control() {
        var grid = Grid(columns: 20, rows: 1)
        grid.draw("a\u{1B}[31mb\u{9B}2J\r\n\u{202E}c", at: .init(column: 0, row: 0))
        #expect(grid.text(row: 0) == "a[31mb2Jc")
    }

    @Test("a line of several looks keeps them")
    func looks() {
        var grid = Grid(columns: 10, rows: 1)
        let end = grid.draw(StyledText("ab", .bold) + StyledText("cd", .accent), at: .init(column: 1, row: 0)) {
            $0.isReversed = true
        }
        #expect(end == 5)
        #expect(grid[0].map(\.style)[1] == CellStyle(bold: true, reversed: true))
        #expect(grid[0].map(\.style)[4] == CellStyle(.cyan, reversed: true))
        #expect(grid[0].map(\.style)[5] == .plain)
    }
}
