import SQLiteReplica
import SyncCore
import TerminalText

/// All texts of a note in conflict as one file, in git's form: merge tools and editors know it.
struct ConflictDraft {
    /// What the person is handed.
    let text: String
    /// The marks, which must be gone in the end.
    private let marks: Set<String>

    /// What stands at the top, and is taken off again.
    private static let comment = [
        "# Make of this the note as it is to be, then save and quit. What lies between the marks",
        "# <<<<<<< and >>>>>>> is what each device said; take the marks off. These lines at the top",
        "# go by themselves. To leave the conflict open, quit with an error (vi: ':cq').",
    ]

    private struct Side {
        let label: String
        let lines: [Substring]
    }

    init(_ conflict: Conflict, _ devices: DeviceNames) {
        let ordered = conflict.sides.filter(\.isMine) + conflict.sides.filter { !$0.isMine }
        let sides = ordered.compactMap { side -> Side? in
            guard case .note(let text, _) = side.change.value else { return nil }
            let who = ConflictRendering.who(side, devices)
            let at = TimeText.local(side.change.stamp.wallTime)
            return Side(
                label: "\(side.isMine ? "mine" : "theirs") (\(who), \(at))",
                lines: text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false))
        }
        // What all have at the beginning and at the end is no conflict.
        let head = Self.common(sides.map { $0.lines[...] })
        let tail = Self.common(sides.map { $0.lines.dropFirst(head).reversed()[...] })
        let shared = sides.first?.lines ?? []
        var (lines, marks) = (Self.comment + shared.prefix(head).map(String.init), Set<String>())
        for (index, side) in sides.enumerated() {
            let isLast = index == sides.count - 1
            // Git's form has two sides: one between them says whose it is where it begins.
            let mark = index == 0 ? "<<<<<<< \(side.label)" : isLast ? "=======" : "======= \(side.label)"
            lines.append(mark)
            lines += side.lines.dropFirst(head).dropLast(tail).map(String.init)
            marks.insert(mark)
            if isLast {
                lines.append(">>>>>>> \(side.label)")
                marks.insert(">>>>>>> \(side.label)")
            }
        }
        text = (lines + shared.suffix(tail).map(String.init)).joined(separator: "\n") + "\n"
        // A line that a device said is no mark of ours.
        self.marks = marks.subtracting(sides.flatMap { $0.lines.map(String.init) })
    }

    /// How many lines all begin with.
    private static func common(_ texts: [ArraySlice<Substring>]) -> Int {
        guard let first = texts.first else { return 0 }
        var count = 0
        for line in first {
            guard texts.allSatisfy({ $0.dropFirst(count).first?.utf8.elementsEqual(line.utf8) == true }) else { break }
            count += 1
        }
        return count
    }

    /// The note that the person made of it.
    ///
    /// - Throws: ``CommandFailure`` if marks are left in it.
    func note(from edited: String) throws -> String {
        var lines = edited.split(separator: "\n", omittingEmptySubsequences: false)[...]
        for line in Self.comment where lines.first.map(String.init) == line { lines.removeFirst() }
        guard !lines.contains(where: { marks.contains(String($0)) }) else {
            throw CommandFailure.usage("the marks between the texts are still there; nothing was changed")
        }
        return String(lines.joined(separator: "\n").reversed().drop { $0.isWhitespace }.reversed())
    }
}
