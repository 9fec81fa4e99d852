/// The three-way merge of notes by lines, by the letter of Protocol/spec.md §4.
enum NaiveLines {
    private typealias Line = [UInt8]

    /// Merges two texts that go back to one base.
    static func merge(
        _ base: String, _ first: String, _ second: String, secondIsLater: Bool
    ) -> (text: String, overlaps: Bool) {
        let (base, one, two) = (lines(base), lines(first), lines(second))
        let (inOne, inTwo) = (matches(base, one), matches(base, two))
        var merged: [Line] = []
        var overlaps = false
        var (baseFrom, oneFrom, twoFrom) = (0, 0, 0)
        func takeBlock(_ baseTo: Int, _ oneTo: Int, _ twoTo: Int) {
            let old = Array(base[baseFrom..<baseTo])
            let (mine, theirs) = (Array(one[oneFrom..<oneTo]), Array(two[twoFrom..<twoTo]))
            if mine == theirs || theirs == old {
                merged += mine
            } else if mine == old {
                merged += theirs
            } else {
                overlaps = true
                merged += secondIsLater ? theirs : mine
            }
        }
        for index in base.indices {
            guard let oneAt = inOne[index], let twoAt = inTwo[index] else { continue }
            takeBlock(index, oneAt, twoAt)
            merged.append(base[index])
            (baseFrom, oneFrom, twoFrom) = (index + 1, oneAt + 1, twoAt + 1)
        }
        takeBlock(base.count, one.count, two.count)
        return (String(decoding: Array(merged.joined(separator: [0x0a])), as: UTF8.self), overlaps)
    }

    /// What stands between line ends; the empty text has no lines.
    private static func lines(_ text: String) -> [Line] {
        var result: [Line] = text.isEmpty ? [] : [[]]
        for byte in text.utf8 {
            if byte == 0x0a { result.append([]) } else { result[result.count - 1].append(byte) }
        }
        return result
    }

    /// Where each line of the base stands in a side; `nil` where it does not.
    private static func matches(_ base: [Line], _ side: [Line]) -> [Int?] {
        var result = [Int?](repeating: nil, count: base.count)
        var start = 0
        while start < min(base.count, side.count), base[start] == side[start] {
            result[start] = start
            start += 1
        }
        var end = 0
        while end < min(base.count, side.count) - start, base[base.count - 1 - end] == side[side.count - 1 - end] {
            result[base.count - 1 - end] = side.count - 1 - end
            end += 1
        }
        let (rows, columns) = (base.count - start - end, side.count - start - end)
        guard rows > 0, columns > 0, rows * columns <= 1_000_000 else { return result }
        var longest = [[Int]](repeating: [Int](repeating: 0, count: columns + 1), count: rows + 1)
        for row in (0..<rows).reversed() {
            for column in (0..<columns).reversed() {
                longest[row][column] =
                    base[start + row] == side[start + column]
                    ? longest[row + 1][column + 1] + 1 : max(longest[row + 1][column], longest[row][column + 1])
            }
        }
        var (row, column) = (0, 0)
        while row < rows, column < columns {
            if base[start + row] == side[start + column] {
                result[start + row] = start + column
                (row, column) = (row + 1, column + 1)
            } else if longest[row + 1][column] >= longest[row][column + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return result
    }
}
