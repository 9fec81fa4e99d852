/// How many columns of a terminal a text takes (Unicode Standard Annex #11, and #51 for emoji).
public enum TextWidth {
    /// The columns of a line without control characters.
    public static func columns(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns($1) }
    }

    /// The columns of one character: 0, 1 or 2.
    public static func columns(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.contains("\u{FE0F}") || scalars.dropFirst().contains(where: { isWide($0) }) { return 2 }
        return isWide(first) ? 2 : isInvisible(first) ? 0 : 1
    }

    /// The longest beginning that fits in `columns`, with an ellipsis if it is not all.
    public static func truncated(_ text: String, to columns: Int) -> String {
        guard self.columns(text) > columns else { return text }
        var (result, used) = ("", 0)
        for character in text {
            let width = self.columns(character)
            if used + width > columns - 1 { break }
            result.append(character)
            used += width
        }
        return columns < 1 ? "" : result + "…"
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: (0x1160...0x11FF).contains(scalar.value)
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
            0xA960...0xA97C,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6,
            0x1F1E6...0x1F1FF, 0x20000...0x3FFFD:
            true
        default: scalar.value > 0x2000 && scalar.properties.isEmojiPresentation
        }
    }
}
