/// Three-way merge of texts by lines (Khanna, Kunal, Pierce, "A Formal Investigation of Diff3", 2007), made exact
/// so that every implementation gets the same bytes: lines end at U+000A, are compared byte for byte, and are
/// matched by the longest common subsequence found from the end, preferring to step over the base's line.
public enum LineMerge {
    /// The merged text, and whether both sides changed the same place in different ways.
    public struct Result: Hashable, Sendable {
        /// The merged text; where both sides overlap, the later side's lines.
        public var text: String
        /// Whether they overlapped anywhere.
        public var overlaps: Bool

        /// Makes a result.
        public init(text: String, overlaps: Bool) {
            self.text = text
            self.overlaps = overlaps
        }
    }

    /// Largest product of line counts, after what begins and ends alike is set apart, that is still matched line
    /// by line; beyond it both texts count as one changed block.
    public static let maximumCells = 1_000_000

    /// Merges two edits of one text.
    ///
    /// - Complexity: O(n·m) in the numbers of lines, at most ``maximumCells``.
    public static func merge(base: String, _ first: String, _ second: String, secondIsLater: Bool) -> Result {
        let (base, first, second) = (lines(base), lines(first), lines(second))
        let (inFirst, inSecond) = (matches(base, first), matches(base, second))
        var output: [ArraySlice<UInt8>] = []
        var overlaps = false
        var (b, f, s) = (0, 0, 0)
        while true {
            // Lines that both sides kept.
            while b < base.count, inFirst[b] == f, inSecond[b] == s {
                output.append(base[b])
                (b, f, s) = (b + 1, f + 1, s + 1)
            }
            if b == base.count, f == first.count, s == second.count { break }
            // The next base line that both sides kept ends the changed block.
            var end = b
            while end < base.count, inFirst[end] == nil || inSecond[end] == nil { end += 1 }
            let firstEnd = end < base.count ? inFirst[end] ?? first.count : first.count
            let secondEnd = end < base.count ? inSecond[end] ?? second.count : second.count
            let (old, mine, theirs) = (base[b..<end], first[f..<firstEnd], second[s..<secondEnd])
            if mine.elementsEqual(theirs) || theirs.elementsEqual(old) {
                output.append(contentsOf: mine)
            } else if mine.elementsEqual(old) {
                output.append(contentsOf: theirs)
            } else {
                overlaps = true
                output.append(contentsOf: secondIsLater ? theirs : mine)
            }
            (b, f, s) = (end, firstEnd, secondEnd)
        }
        return Result(text: text(output), overlaps: overlaps)
    }

    private static func lines(_ text: String) -> [ArraySlice<UInt8>] {
        text.isEmpty ? [] : Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false)
    }

    private static func text(_ lines: [ArraySlice<UInt8>]) -> String {
        String(decoding: Array(lines.joined(separator: [10])), as: UTF8.self)
    }

    /// For each line of `base` the index of its match in `other`, ascending; `nil` where it has none.
    private static func matches(_ base: [ArraySlice<UInt8>], _ other: [ArraySlice<UInt8>]) -> [Int?] {
        var result = [Int?](repeating: nil, count: base.count)
        var start = 0
        while start < min(base.count, other.count), base[start] == other[start] {
            result[start] = start
            start += 1
        }
        var (baseEnd, otherEnd) = (base.count, other.count)
        while baseEnd > start, otherEnd > start, base[baseEnd - 1] == other[otherEnd - 1] {
            (baseEnd, otherEnd) = (baseEnd - 1, otherEnd - 1)
            result[baseEnd] = otherEnd
        }
        let (rows, columns) = (baseEnd - start, otherEnd - start)
        guard rows > 0, columns > 0, rows * columns <= maximumCells else { return result }
        // length[r, c]: longest common subsequence of what follows row r and column c.
        let width = columns + 1
        var length = [Int32](repeating: 0, count: (rows + 1) * width)
        for row in stride(from: rows - 1, through: 0, by: -1) {
            for column in stride(from: columns - 1, through: 0, by: -1) {
                length[row * width + column] =
                    base[start + row] == other[start + column]
                    ? length[(row + 1) * width + column + 1] + 1
                    : max(length[(row + 1) * width + column], length[row * width + column + 1])
            }
        }
        var (row, column) = (0, 0)
        while row < rows, column < columns {
            if base[start + row] == other[start + column] {
                result[start + row] = start + column
                (row, column) = (row + 1, column + 1)
            } else if length[(row + 1) * width + column] >= length[row * width + column + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return result
    }
}
