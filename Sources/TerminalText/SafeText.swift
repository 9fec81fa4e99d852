import SyncCore

/// Text from elsewhere, made harmless for a terminal: no escape sequence, control character or change of direction
/// in a headline may move the cursor, set a colour or turn the line round.
public enum SafeText {
    /// One line: line ends and tabs become blanks, escape sequences and other controls go.
    public static func line(_ text: String) -> String {
        guard needsWork(text) else { return text }
        var result = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            if scalar == "\u{1B}" || scalar == "\u{9B}" || scalar == "\u{9D}" {
                skipSequence(after: scalar, &rest)
            } else if scalar == "\n" || scalar == "\t" || scalar == "\u{2028}" || scalar == "\u{2029}" {
                result.append(" ")
            } else if !scalar.isControl {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The lines of a text of several. A tab indents by four blanks, as in code.
    public static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { piece in
            line(
                piece.contains("\t")
                    ? piece.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ")
                    : String(piece))
        }
    }

    private static func needsWork(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.isControl || $0 == "\u{2028}" || $0 == "\u{2029}" }
    }

    /// Drops the rest of a sequence (ECMA-48 §5.4 and §8.3) if it ends within the text; a lone escape hides nothing.
    private static func skipSequence(after lead: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView) {
        var (look, kind) = (rest, lead)
        if lead == "\u{1B}" {
            guard let second = look.popFirst() else { return }
            switch second {
            case "[": kind = "\u{9B}"
            case "]", "P", "^", "_", "X": kind = "\u{9D}"
            case "@"..."~":
                rest = look
                return
            default: return
            }
        }
        while let scalar = look.popFirst() {
            if kind == "\u{9B}" {
                guard (0x20...0x7E).contains(scalar.value) else { return }
                if scalar.value >= 0x40 {
                    rest = look
                    return
                }
            } else if scalar == "\u{07}" || scalar == "\u{9C}" || scalar == "\u{1B}" {
                if scalar == "\u{1B}", look.first == "\\" { look.removeFirst() }
                rest = look
                return
            }
        }
    }
}
