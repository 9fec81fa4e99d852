/// What two texts have in common and in which words they differ, for a person to read.
public struct TextDifference: Hashable, Sendable {
    /// Where a piece of text stands.
    public enum Kind: Hashable, Sendable {
        /// In both texts.
        case kept
        /// In the old text only.
        case removed
        /// In the new text only.
        case added
    }

    /// Neighbouring words of one kind, with the blanks between them.
    public struct Piece: Hashable, Sendable {
        /// Where it stands.
        public var kind: Kind
        /// Its text.
        public var text: String

        /// Makes a piece.
        public init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// The pieces in order. The kept and the removed ones are the old text, the kept and the added ones the new text, byte
    /// for byte. What was removed stands before what came in its place.
    public private(set) var pieces: [Piece]

    /// Whether the texts differ.
    public var isAny: Bool { pieces.contains { $0.kind != .kept } }

    /// Compares two texts word by word. Where they have too little in common for that, they are compared line by line, and
    /// lines that took each other's place word by word.
    ///
    /// - Parameter limit: most edits that are searched for at once, see ``EditScript/maximumEdits``.
    public init(from old: String, to new: String, limit: Int = EditScript.maximumEdits) {
        let (before, after) = (TextTokens.words(old), TextTokens.words(new))
        var words = TextTokens.Numbering()
        let script = EditScript(from: words.numbers(before), to: words.numbers(after), limit: limit)
        pieces = []
        if script.isShortest {
            add(script, before, after)
        } else {
            addLines(TextTokens.lines(old), TextTokens.lines(new), limit: limit)
        }
        joinOverBlanks()
    }

    private mutating func addLines(_ before: [Substring], _ after: [Substring], limit: Int) {
        var lines = TextTokens.Numbering()
        let script = EditScript(from: lines.numbers(before), to: lines.numbers(after), limit: limit)
        for (index, run) in script.runs.enumerated() {
            switch run.kind {
            case .keep: add(.kept, before[run.old].joined())
            case .remove:
                let isReplaced = index + 1 < script.runs.count && script.runs[index + 1].kind == .insert
                if !isReplaced { add(.removed, before[run.old].joined()) }
            case .insert:
                let isReplacing = index > 0 && script.runs[index - 1].kind == .remove
                let gone = isReplacing ? script.runs[index - 1].old : 0..<0
                addBlock(before[gone].joined(), after[run.new].joined(), limit: limit)
            }
        }
    }

    private mutating func addBlock(_ old: String, _ new: String, limit: Int) {
        let (before, after) = (TextTokens.words(old), TextTokens.words(new))
        var words = TextTokens.Numbering()
        add(EditScript(from: words.numbers(before), to: words.numbers(after), limit: limit), before, after)
    }

    private mutating func add(_ script: EditScript, _ before: [Substring], _ after: [Substring]) {
        for run in script.runs {
            switch run.kind {
            case .keep: add(.kept, before[run.old].joined())
            case .remove: add(.removed, before[run.old].joined())
            case .insert: add(.added, after[run.new].joined())
            }
        }
    }

    private mutating func add(_ kind: Kind, _ text: String) {
        if text.isEmpty { return }
        if pieces.last?.kind == kind { pieces[pieces.count - 1].text += text } else { pieces.append(Piece(kind, text)) }
    }

    /// Blanks between two changes are part of the change: three words that took the place of three others are one piece.
    private mutating func joinOverBlanks() {
        var result: [Piece] = []
        var (removed, added) = ("", "")
        func flush() {
            if !removed.isEmpty { result.append(Piece(.removed, removed)) }
            if !added.isEmpty { result.append(Piece(.added, added)) }
            (removed, added) = ("", "")
        }
        for (index, piece) in pieces.enumerated() {
            switch piece.kind {
            case .removed: removed += piece.text
            case .added: added += piece.text
            case .kept:
                let isBetween = !removed.isEmpty && !added.isEmpty && index + 1 < pieces.count
                if isBetween, piece.text.allSatisfy({ $0 == " " || $0 == "\t" }) {
                    removed += piece.text
                    added += piece.text
                } else {
                    flush()
                    result.append(piece)
                }
            }
        }
        flush()
        pieces = result
    }
}
