import TerminalScreen
import TerminalText

/// A terminal on paper, for holding what a differ writes against what was meant. It knows the sequences that the differ
/// uses, and nothing else: anything unknown is a failure. Where terminals disagree about the width of a character, it moves
/// its cursor by a width that nobody can count on.
struct PaperTerminal {
    struct Unknown: Error { var sequence: String }

    let columns: Int
    let rows: Int
    private(set) var characters: [[Character?]]
    private(set) var looks: [[String]]
    private(set) var cursor = Grid.Place(column: 0, row: 0)
    private(set) var isCursorShown = true
    private var look = ""

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (columns, rows)
        characters = Array(repeating: Array(repeating: " ", count: columns), count: rows)
        looks = Array(repeating: Array(repeating: "0", count: columns), count: rows)
    }

    mutating func take(_ text: String) throws {
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "\u{1B}" else {
                put(character)
                continue
            }
            guard rest.popFirst() == "[", let end = rest.firstIndex(where: { $0.isLetter }) else {
                throw Unknown(sequence: String(rest.prefix(8)))
            }
            try obey(String(rest[..<end]), final: rest[end])
            rest = rest[rest.index(after: end)...]
        }
    }

    private mutating func put(_ character: Character) {
        guard cursor.row < rows, cursor.column < columns else { return }
        let width = TextWidth.columns(character)
        characters[cursor.row][cursor.column] = character
        looks[cursor.row][cursor.column] = look
        if width == 2, cursor.column + 1 < columns {
            characters[cursor.row][cursor.column + 1] = nil
            looks[cursor.row][cursor.column + 1] = look
        }
        let isAgreed = character.unicodeScalars.count == 1 && character.unicodeScalars.allSatisfy { $0.value < 0x300 }
        cursor.column += isAgreed ? 1 : 7
    }

    private mutating func obey(_ parameters: String, final: Character) throws {
        switch final {
        case "H":
            let numbers = parameters.split(separator: ";").compactMap { Int($0) }
            cursor = Grid.Place(column: numbers[1] - 1, row: numbers[0] - 1)
        case "m": look = parameters
        case "J":
            characters = Array(repeating: Array(repeating: " ", count: columns), count: rows)
            looks = Array(repeating: Array(repeating: look, count: columns), count: rows)
        case "K":
            for column in cursor.column..<columns {
                characters[cursor.row][column] = " "
                looks[cursor.row][column] = look
            }
        case "h", "l":
            if parameters == "?25" {
                isCursorShown = final == "h"
            } else if parameters != "?2026" {
                throw Unknown(sequence: parameters + String(final))
            }
        default: throw Unknown(sequence: parameters + String(final))
        }
    }
}
