/// What makes one sequence into another, in as few insertions and removals as can be found within a bound (Myers, "An
/// O(ND) Difference Algorithm and Its Variations", 1986). Elements are numbers: equal ones stand for equal things.
public struct EditScript: Hashable, Sendable {
    /// What happens to a run of elements.
    public enum Kind: Hashable, Sendable {
        /// They are in both.
        case keep
        /// They are in the old sequence only.
        case remove
        /// They are in the new sequence only.
        case insert
    }

    /// Neighbouring elements to which the same happens.
    public struct Run: Hashable, Sendable {
        /// What happens.
        public var kind: Kind
        /// Their places in the old sequence; empty, and where they would stand, for an insertion.
        public var old: Range<Int>
        /// Their places in the new sequence; empty, and where they would stand, for a removal.
        public var new: Range<Int>

        /// Makes a run.
        public init(_ kind: Kind, old: Range<Int>, new: Range<Int>) {
            self.kind = kind
            self.old = old
            self.new = new
        }
    }

    /// The runs, in order; together they are both sequences whole. Between two kept runs stands at most one removal, and
    /// after it at most one insertion.
    public private(set) var runs: [Run]
    /// Whether it is the shortest. If not, all between what begins and what ends alike is removed and inserted.
    public let isShortest: Bool

    /// Most insertions and removals that are searched for. For d edits the search keeps 4·d² bytes: 4 MB.
    public static let maximumEdits = 1_000

    /// Compares two sequences.
    ///
    /// - Complexity: O((n + m)·d) time and O(d²) space, where d is the number of edits, at most `limit`.
    public init(from old: [Int], to new: [Int], limit: Int = Self.maximumEdits) {
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var (oldEnd, newEnd) = (old.count, new.count)
        while oldEnd > start, newEnd > start, old[oldEnd - 1] == new[newEnd - 1] {
            (oldEnd, newEnd) = (oldEnd - 1, newEnd - 1)
        }
        let (from, to) = (old[start..<oldEnd], new[start..<newEnd])
        let matches = Self.matches(Array(from), Array(to), limit: limit)
        isShortest = matches != nil
        runs = []
        var (o, n) = (0, 0)
        let inner = (matches ?? []).map { (old: $0.old + start, new: $0.new + start) }
        let all =
            (0..<start).map { (old: $0, new: $0) } + inner
            + zip(oldEnd..<old.count, newEnd..<new.count).map { (old: $0, new: $1) }
        for match in all {
            change(&o, &n, upTo: match)
            keep(match)
            (o, n) = (match.old + 1, match.new + 1)
        }
        change(&o, &n, upTo: (old.count, new.count))
    }

    private mutating func change(_ o: inout Int, _ n: inout Int, upTo next: (old: Int, new: Int)) {
        if next.old > o { runs.append(Run(.remove, old: o..<next.old, new: n..<n)) }
        if next.new > n { runs.append(Run(.insert, old: next.old..<next.old, new: n..<next.new)) }
    }

    private mutating func keep(_ match: (old: Int, new: Int)) {
        if let last = runs.last, last.kind == .keep, last.old.upperBound == match.old, last.new.upperBound == match.new
        {
            runs[runs.count - 1] = Run(
                .keep, old: last.old.lowerBound..<match.old + 1, new: last.new.lowerBound..<match.new + 1)
        } else {
            runs.append(Run(.keep, old: match.old..<match.old + 1, new: match.new..<match.new + 1))
        }
    }

    /// The pairs of a longest common subsequence, ascending; `nil` if it takes more than `limit` edits.
    private static func matches(_ old: [Int], _ new: [Int], limit: Int) -> [(old: Int, new: Int)]? {
        guard !old.isEmpty, !new.isEmpty else { return [] }
        let bound = min(limit, old.count + new.count)
        guard bound >= abs(old.count - new.count) else { return nil }
        // furthest[bound + 1 + k]: how far into `old` a path on diagonal k = o - n came.
        let middle = bound + 1
        var furthest = [Int32](repeating: 0, count: 2 * bound + 3)
        // For each number of edits, what `furthest` was on the diagonals that could be reached before it.
        var rounds: [[Int32]] = []
        for edits in 0...bound {
            rounds.append(Array(furthest[(middle - edits - 1)...(middle + edits + 1)]))
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let place = middle + diagonal
                let isDown = diagonal == -edits || (diagonal != edits && furthest[place - 1] < furthest[place + 1])
                var o = Int(isDown ? furthest[place + 1] : furthest[place - 1] + 1)
                // A path beyond either end leads nowhere, and stays where it is.
                guard o <= old.count, o - diagonal >= 0, o - diagonal <= new.count else {
                    furthest[place] = Int32(o)
                    continue
                }
                while o < old.count, o - diagonal < new.count, old[o] == new[o - diagonal] { o += 1 }
                furthest[place] = Int32(o)
                if o == old.count, o - diagonal == new.count { return trace(rounds, old.count, new.count) }
            }
        }
        return nil
    }

    /// Goes back from the end along the path that was found.
    private static func trace(_ rounds: [[Int32]], _ oldCount: Int, _ newCount: Int) -> [(old: Int, new: Int)] {
        var pairs: [(old: Int, new: Int)] = []
        var (o, n) = (oldCount, newCount)
        for (edits, furthest) in rounds.enumerated().reversed() {
            let diagonal = o - n
            let place = edits + 1 + diagonal
            let isDown = diagonal == -edits || (diagonal != edits && furthest[place - 1] < furthest[place + 1])
            let before = Int(isDown ? furthest[place + 1] : furthest[place - 1])
            let start = edits == 0 ? 0 : isDown ? before : before + 1
            while o > start {
                (o, n) = (o - 1, n - 1)
                pairs.append((o, n))
            }
            if edits > 0 { (o, n) = isDown ? (o, n - 1) : (o - 1, n) }
        }
        return pairs.reversed()
    }
}
