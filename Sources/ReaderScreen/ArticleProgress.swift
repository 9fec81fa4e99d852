import SyncCore

/// How far an article on the screen was read, and what of that is still to be recorded.
///
/// It is the place where one stops, not the furthest one: who goes back and leaves there says so, and finds that place again.
/// Two things do not go back: an article that was read to its end stays read to the end, since opening it once more, at the
/// top, says nothing of how far it was read; and looking at a link at the end is no reading.
struct ArticleProgress: Sendable, Hashable {
    /// The text among the lines of an article, measured in characters: so a place is the same at every width.
    struct Scale: Sendable, Hashable {
        /// The line at which the text begins.
        var first = 0
        /// See ``ArticleText/ends``.
        var ends: [Int] = []

        /// The characters up to the end of a line; `nil` outside the text.
        func characters(at line: Int) -> Int? {
            ends.indices.contains(line - first) ? ends[line - first] : nil
        }

        /// The line with whose end so many characters are read; `nil` if the text has less.
        func line(reading characters: Int) -> Int? {
            ends.firstIndex { $0 >= characters }.map { first + $0 }
        }

        /// The basis points of the text up to the end of a line; `nil` if there is no text.
        func points(at line: Int) -> Int? {
            guard let all = ends.last, all > 0 else { return nil }
            guard line >= first else { return 0 }
            return ends[min(line - first, ends.count - 1)] * Value.maximumProgress / all
        }

        /// The line with whose end so many basis points are read.
        func line(at points: Int) -> Int? {
            guard let all = ends.last, all > 0 else { return nil }
            return ends.firstIndex { $0 * Value.maximumProgress / all >= points }.map { first + $0 }
        }
    }

    var scale = Scale()
    /// What the replica has of it, as far as this screen knows, in basis points.
    private(set) var told: Int
    /// Where the person stopped; `nil` before the first move.
    private var reached: Int?
    private var hasEnded = false
    /// Whether the place was looked up from which to go on.
    private var hasResumed = false

    init(told: Int) { self.told = told }

    /// The line to go on from, at the bottom of the screen: once, as soon as there is a text.
    mutating func resume() -> Int? {
        guard !hasResumed, scale.ends.last ?? 0 > 0 else { return nil }
        hasResumed = true
        return 0 < told && told < Value.maximumProgress ? scale.line(at: told) : nil
    }

    /// Takes note of the lines on the screen.
    ///
    /// - Parameter isMove: whether the person went there.
    mutating func show(_ lines: Range<Int>, isMove: Bool) {
        guard let last = lines.last, let points = scale.points(at: last) else { return }
        if isMove { reached = points }
        // All of it fits, or its end came in sight.
        if points == Value.maximumProgress, isMove || lines.lowerBound == 0 { hasEnded = true }
    }

    /// What is to be recorded, in basis points; `nil`: nothing that is not known.
    var untold: Int? {
        guard told < Value.maximumProgress else { return nil }
        let points = hasEnded ? Value.maximumProgress : reached
        return points == told ? nil : points
    }

    /// What ``untold`` says is recorded. Returns it, and what was before.
    mutating func tell() -> (from: Int, to: Int)? {
        guard let points = untold else { return nil }
        defer { told = points }
        return (told, points)
    }
}
