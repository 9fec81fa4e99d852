import SyncCore
import TerminalScreen
import Testing

@testable import ReaderScreen
@testable import SQLiteReplica

@Suite("How far an article was read on the screen")
struct ArticleProgressTests {
    /// What was recorded, in order.
    private static func recorded(_ sitting: Sitting) -> [Int] {
        sitting.asked.compactMap { if case .recordProgress(_, _, let points) = $0 { points } else { nil } }
    }

    private static func top(_ sitting: Sitting) -> Int { sitting.model.articles.last?.window.top ?? -1 }

    @Test("it is recorded when the article is left, and not with every line; the line at the bottom shows it")
    func recording() throws {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, " ", "j", "j")
        #expect(Self.recorded(sitting).isEmpty)
        let shown = sitting.bottom
        sitting.press("q")
        let points = try #require(Self.recorded(sitting).first)
        #expect((1..<10_000).contains(points) && shown.hasSuffix("\(points / 100)%"))
        #expect(sitting.text.contains("\(points / 100)% · 3 h · 4 min"))
        sitting.happen(.resized(columns: 50, rows: 24))
        #expect(!sitting.text.contains("\(points / 100)%"))
    }

    @Test("opening it again goes on at that line, and records nothing new by itself")
    func resuming() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, " ", " ", "j")
        let place = Self.top(sitting)
        sitting.press("q", .enter)
        // A blank line has no place of its own.
        #expect(abs(Self.top(sitting) - place) <= 1 && place > 20)
        #expect(sitting.bottom.contains("where you stopped"))
        sitting.press("q")
        #expect(Self.recorded(sitting).count == 1)
    }

    @Test("the place is the same in the text at every width and height", arguments: [(40, 24), (80, 50), (60, 12)])
    func otherSize(_ columns: Int, _ rows: Int) throws {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, "/")
        sitting.type("paragraph 30 ")
        sitting.press(.enter, "q")
        let points = try #require(Self.recorded(sitting).first)
        sitting.happen(.resized(columns: columns, rows: rows))
        sitting.press(.enter)
        let pane = try #require(sitting.model.articles.last)
        let again = try #require(pane.progress.scale.points(at: pane.seen.upperBound - 1))
        #expect(again >= points && again - points < 120)
        sitting.happen(.resized(columns: 80, rows: 24))
        let other = try #require(sitting.model.articles.last)
        let tops = [pane, other].compactMap { $0.progress.scale.characters(at: $0.window.top) }
        #expect(tops.count == 2 && abs(tops[0] - tops[1]) < 80)
        #expect(Self.recorded(sitting) == [points])
    }

    @Test("its end is 100 %, also if one goes back up; from then on it opens at the top and stays so")
    func ending() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, "G", "g", "q")
        #expect(Self.recorded(sitting) == [10_000])
        sitting.press(.enter)
        #expect(Self.top(sitting) == 0)
        sitting.press(" ", "q")
        #expect(Self.recorded(sitting) == [10_000])
        #expect(sitting.text.contains("100% · 3 h"))
    }

    @Test("an article that fits on the screen is complete; one that is only opened says nothing")
    func fitting() {
        var large = Sitting(articles: 3, rows: 200)
        large.press(.enter, "q")
        #expect(Self.recorded(large) == [10_000])
        var small = Sitting(articles: 3)
        small.press(.enter, "q")
        #expect(Self.recorded(small).isEmpty)
    }

    @Test("whoever goes back and stops there finds that place again")
    func goingBack() throws {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, " ", " ", "q", .enter, "b", "q")
        let recorded = Self.recorded(sitting)
        #expect(recorded.count == 2 && recorded[1] < recorded[0])
        #expect(sitting.asked.last == .recordProgress(Sitting.id(0), from: recorded[0], to: recorded[1]))
    }

    @Test("looking at a link at the end is no reading")
    func links() {
        var sitting = Sitting(articles: 6)
        sitting.press(.enter, .tab, .tab, .tab)
        #expect(sitting.chosen.hasPrefix("[3] Headline 5") && Self.top(sitting) > 0)
        sitting.press("q")
        #expect(Self.recorded(sitting).isEmpty)
    }

    @Test("every way out of an article records it: the next one, Ctrl-C, Ctrl-Z, from under help, a signal")
    func waysOut() {
        let ways: [(inout Sitting) -> Void] = [
            { $0.press("J") }, { $0.press(.control("c")) }, { $0.press(.control("z")) },
            { $0.press("?", .control("c")) }, { $0.happen(.ending) },
        ]
        for way in ways {
            var sitting = Sitting(articles: 3)
            sitting.press(.enter, " ")
            way(&sitting)
            #expect(Self.recorded(sitting).count == 1)
            way(&sitting)
            #expect(Self.recorded(sitting).count == 1)
        }
        var stack = Sitting(articles: 6)
        stack.press(.enter, " ", .tab, .enter, "j")
        stack.happen(.ending)
        #expect(Self.recorded(stack).count == 2)
    }

    @Test("of an article without its text nothing is said, and the place is found once it came")
    func absent() {
        var sitting = Sitting(articles: 3)
        sitting.articles[0].summary.progress = 5_000
        sitting.absent = [0]
        sitting.press(.enter, "j", "G")
        sitting.absent = []
        sitting.happen(.textRestored(Sitting.id(0)))
        #expect(Self.top(sitting) > 20)
        sitting.press("q")
        #expect(Self.recorded(sitting).isEmpty)
    }
}
