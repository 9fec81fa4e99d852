/// The three-way merge of notes by lines, by the letter of Protocol/spec.md §4, in the order of its sentences.
enum NaiveLines {
    private typealias Line = [UInt8]

    /// Above this many pairs of lines nothing in the middle of two texts is matched.
    private static let mostPairs = 1_000_000

    /// Merges two texts that go back to one base.
    static func merge(
        base: String, _ first: String, _ second: String, secondIsLater: Bool
    ) -> (text: String, overlaps: Bool) {
        let (base, first, second) = (lines(base), lines(first), lines(second))
        let (inFirst, inSecond) = (matches(base, first), matches(base, second))
        // Base lines that both sides kept, and a last cut behind all lines.
        var cuts = base.indices.compactMap { line in
            if let one = inFirst[line], let two = inSecond[line] { (line, one, two) } else { nil }
        }
        cuts.append((base.count, first.count, second.count))
        var merged: [Line] = []
        var overlaps = false
        var from = (0, 0, 0)
        for cut in cuts {
            let old = Array(base[from.0..<cut.0])
            let one = Array(first[from.1..<cut.1])
            let two = Array(second[from.2..<cut.2])
            if two == old {
                merged += one
            } else if one == old || one == two {
                merged += two
            } else {
                overlaps = true
                merged += secondIsLater ? two : one
            }
            if cut.0 < base.count { merged.append(base[cut.0]) }
            from = (cut.0 + 1, cut.1 + 1, cut.2 + 1)
        }
        return (String(decoding: Array(merged.joined(separator: [0x0A])), as: UTF8.self), overlaps)
    }

    /// The byte strings between line ends; the empty text has none.
    private static func lines(_ text: String) -> [Line] {
        if text.utf8.isEmpty { return [] }
        return text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
    }

    /// For each line of the base the line of the side that it is matched with, if any.
    private static func matches(_ base: [Line], _ side: [Line]) -> [Int: Int] {
        var matches: [Int: Int] = [:]
        // The common lines at the start …
        var start = 0
        while start < base.count, start < side.count, base[start] == side[start] {
            matches[start] = start
            start += 1
        }
        // … then at the end, of what is left …
        var (baseEnd, sideEnd) = (base.count, side.count)
        while baseEnd > start, sideEnd > start, base[baseEnd - 1] == side[sideEnd - 1] {
            (baseEnd, sideEnd) = (baseEnd - 1, sideEnd - 1)
            matches[baseEnd] = sideEnd
        }
        // … then a longest common subsequence of the rest.
        let middle = common(Array(base[start..<baseEnd]), Array(side[start..<sideEnd]))
        for (line, other) in middle { matches[start + line] = start + other }
        return matches
    }

    private static func common(_ base: [Line], _ side: [Line]) -> [(Int, Int)] {
        if base.count * side.count > mostPairs { return [] }
        // `length[i][j]`: of what follows from line i of the base and line j of the side on, these lines included.
        var length = [[Int]](repeating: [Int](repeating: 0, count: side.count + 1), count: base.count + 1)
        for i in base.indices.reversed() {
            for j in side.indices.reversed() {
                let skipping = max(length[i + 1][j], length[i][j + 1])
                length[i][j] = base[i] == side[j] ? max(length[i + 1][j + 1] + 1, skipping) : skipping
            }
        }
        var found: [(Int, Int)] = []
        var (i, j) = (0, 0)
        while i < base.count, j < side.count {
            if base[i] == side[j] {
                found.append((i, j))
                (i, j) = (i + 1, j + 1)
            } else if length[i + 1][j] >= length[i][j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return found
    }
}
