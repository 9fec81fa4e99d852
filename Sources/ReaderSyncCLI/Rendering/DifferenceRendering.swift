import SyncCore
import TerminalText

/// The words in which two texts differ, one text below the other or beside it.
enum DifferenceRendering {
    /// Below this width two columns are too narrow to read.
    static let leastWidthForColumns = 60

    /// One text: what was removed in `[-` and `-]`, what was added in `{+` and `+}`, whatever the terminal can show.
    ///
    /// - Parameter context: lines without a change that are shown before and after one with a change; `nil` for all.
    static func unified(_ difference: TextDifference, width: Int, context: Int? = nil) -> [StyledText] {
        let lines = lines(difference)
        var result: [StyledText] = []
        var isSkipping = false
        for (index, line) in lines.enumerated() {
            let near = context.map { max(0, index - $0)..<min(lines.count, index + $0 + 1) } ?? 0..<lines.count
            guard lines[near].contains(where: { $0.contains { $0.kind != .kept } }) else {
                isSkipping = true
                continue
            }
            if isSkipping { result.append(StyledText("…", .dim)) }
            isSkipping = false
            let text = line.reduce(StyledText("")) { $0 + styled($1, isMarked: true) }
            result += text.wrapped(to: width)
        }
        if isSkipping, !result.isEmpty { result.append(StyledText("…", .dim)) }
        return result
    }

    /// The old text at the left and the new one at the right, what they have in common at one height.
    ///
    /// - Parameter isMarked: whether differing words are put in `[-` `-]` and `{+` `+}`, for terminals without colours.
    static func beside(_ difference: TextDifference, width: Int, isMarked: Bool) -> [StyledText] {
        let column = (width - 3) / 2
        var result: [StyledText] = []
        for block in blocks(difference) {
            let (left, right) = (
                wrapped(block.old, to: column, isMarked), wrapped(block.new, to: column, isMarked)
            )
            for index in 0..<max(left.count, right.count) {
                let (old, new) = (index < left.count ? left[index] : "", index < right.count ? right[index] : "")
                result.append(old.padded(to: column) + StyledText(" │ ", .dim) + new)
            }
        }
        return result
    }

    /// Both titles of ``beside(_:width:isMarked:)``.
    static func titles(_ old: String, _ new: String, width: Int) -> [StyledText] {
        let column = (width - 3) / 2
        let (left, right) = (StyledText(old, .dim).wrapped(to: column), StyledText(new, .dim).wrapped(to: column))
        return (0..<max(left.count, right.count)).map { index in
            (index < left.count ? left[index] : "").padded(to: column) + StyledText(" │ ", .dim)
                + (index < right.count ? right[index] : "")
        }
    }

    private typealias Line = [TextDifference.Piece]

    /// Lines of each side up to a line end that both have.
    private struct Block {
        var old: [Line] = [[]]
        var new: [Line] = [[]]
    }

    private static func blocks(_ difference: TextDifference) -> [Block] {
        var result: [Block] = []
        var block = Block()
        for piece in difference.pieces {
            for (index, text) in SafeText.lines(piece.text).enumerated() {
                if index > 0 {
                    switch piece.kind {
                    case .kept:
                        result.append(block)
                        block = Block()
                    case .removed: block.old.append([])
                    case .added: block.new.append([])
                    }
                }
                let part = TextDifference.Piece(piece.kind, text)
                if piece.kind != .added { block.old[block.old.count - 1].append(part) }
                if piece.kind != .removed { block.new[block.new.count - 1].append(part) }
            }
        }
        return result + [block]
    }

    private static func lines(_ difference: TextDifference) -> [Line] {
        var result: [Line] = [[]]
        for piece in difference.pieces {
            for (index, text) in SafeText.lines(piece.text).enumerated() {
                if index > 0 { result.append([]) }
                if !text.isEmpty { result[result.count - 1].append(TextDifference.Piece(piece.kind, text)) }
            }
        }
        return result
    }

    private static func wrapped(_ lines: [Line], to columns: Int, _ isMarked: Bool) -> [StyledText] {
        lines.flatMap { line in
            line.reduce(StyledText("")) { $0 + styled($1, isMarked: isMarked) }.wrapped(to: columns)
        }
    }

    private static func styled(_ piece: TextDifference.Piece, isMarked: Bool) -> StyledText {
        guard !piece.text.isEmpty else { return "" }
        return switch piece.kind {
        case .kept: StyledText(piece.text)
        case .removed: StyledText(isMarked ? "[-\(piece.text)-]" : piece.text, .bad)
        case .added: StyledText(isMarked ? "{+\(piece.text)+}" : piece.text, .good)
        }
    }
}
