import SyncCore
import TerminalScreen
import Testing

@testable import ReaderScreen
@testable import SQLiteReplica

@Suite("The list on the screen")
struct ListScreenTests {
    @Test("an article is shown with kicker, headline, standfirst, age, reading time and marks")
    func article() {
        var sitting = Sitting(articles: 5)
        sitting.articles[3].summary.isSaved = true
        sitting.happen(.changedElsewhere)
        let lines = sitting.text.split(separator: "\n").map(String.init)
        #expect(lines[1].hasPrefix("*     Kicker 0 · Europe · Ada Writer"))
        #expect(lines[1].hasSuffix("3 h · 4 min"))
        #expect(lines[2] == "      Headline 0")
        #expect(lines[3] == "      What article 0 is about")
        #expect(lines[10].hasPrefix("*s  $ Kicker 3"))
        #expect(sitting.chosen == "Headline 0")
        #expect(sitting.bottom.hasSuffix("1/5"))
    }

    @Test("j, k, g, G and a screen at a time choose as in less and vi; nothing goes past an end")
    func moving() {
        var sitting = Sitting(articles: 20, rows: 23)
        for (key, expected) in [
            ("k", 0), ("j", 1), ("j", 2), ("k", 1), ("G", 19), ("j", 19), ("g", 0), (" ", 7), (" ", 14), ("b", 7),
        ] as [(Character, Int)] {
            sitting.press(.character(key))
            #expect(sitting.chosen == "Headline \(expected)")
        }
        sitting.press(.control("d"))
        #expect(sitting.chosen == "Headline 10")
        sitting.press(.control("u"), .up, .down, .end, .home)
        #expect(sitting.chosen == "Headline 0")
    }

    @Test("of a long list only what is near the screen is fetched, from either end")
    func window() {
        var sitting = Sitting(articles: 30_000, rows: 24)
        #expect(sitting.model.list.known.count < 40)
        sitting.press("G")
        #expect(sitting.chosen == "Headline 29999")
        #expect(sitting.bottom.hasSuffix("30000/30000"))
        #expect(sitting.model.list.known.count < 80)
    }

    @Test("the first screen needs only the beginning of a list, and says that there is more")
    func firstPiece() {
        let slow = { () -> Sitting in
            var sitting = Sitting(articles: 1)
            sitting.isPrompt = false
            return sitting
        }()
        #expect(slow.bottom.hasSuffix("1/1"))
        let handles = (0..<400).map { ArticleHandle(row: Int64($0)) }
        var (model, effects) = ReaderModel.start(
            ReadingSource(title: "All", filter: ArticleFilter()), columns: 80, rows: 24, texts: Sitting.texts)
        #expect(effects.contains(.list(ArticleFilter(), limit: ListPane.firstPiece, ticket: 1)))
        effects = model.update(.listed(handles, isAll: false, ticket: 1))
        #expect(effects.contains(.list(ArticleFilter(), limit: nil, ticket: 1)))
        #expect(ReaderView.draw(model).text.contains("1/400+"))
    }

    @Test("what another process changes is shown, and the chosen article stays chosen")
    func changedElsewhere() {
        var sitting = Sitting(articles: 20, filter: ArticleFilter(unread: true))
        sitting.press("j", "j", "j")
        sitting.articles[0].summary.isRead = true
        sitting.articles[3].summary.isRead = true
        sitting.happen(.changedElsewhere)
        #expect(sitting.chosen == "Headline 3")
        #expect(!sitting.text.contains("Headline 0\n"))
        sitting.press("j")
        #expect(sitting.chosen == "Headline 4")
    }

    @Test("a late answer to an older question is not taken")
    func lateAnswer() {
        var sitting = Sitting(articles: 3)
        sitting.happen(.listed([], isAll: true, ticket: 0))
        sitting.happen(.found(FoundArticles(), ticket: 0))
        #expect(sitting.chosen == "Headline 0")
    }

    @Test("n and N go to unread articles")
    func nextUnread() {
        var sitting = Sitting(articles: 6)
        for index in [1, 2, 4] { sitting.articles[index].summary.isRead = true }
        sitting.press("n")
        #expect(sitting.chosen == "Headline 3")
        sitting.press("n", "N")
        #expect(sitting.chosen == "Headline 3")
        sitting.press("n", "n")
        #expect(sitting.bottom.contains("no unread article that way"))
    }

    @Test("the list is narrowed with every letter; Enter keeps it so, Esc shows all again")
    func search() {
        var sitting = Sitting(articles: 10)
        sitting.findings = [7, 2]
        sitting.press("/")
        sitting.type("ha")
        #expect(sitting.asked.contains { if case .search("h*", _, _) = $0 { true } else { false } })
        #expect(sitting.asked.contains { if case .search("ha*", _, _) = $0 { true } else { false } })
        #expect(sitting.bottom.hasPrefix("/ha") && sitting.bottom.hasSuffix("1/2"))
        sitting.press(.down)
        #expect(sitting.chosen == "Headline 2")
        sitting.press(.enter)
        #expect(sitting.text.hasPrefix(" Unread: ha"))
        #expect(!sitting.text.contains("Headline 3"))
        sitting.press(.escape)
        #expect(sitting.chosen == "Headline 2")
        #expect(sitting.bottom.hasSuffix("3/10"))
    }

    @Test("a search after another one starts with nothing typed, and the help says what to press and that it goes on")
    func secondSearch() {
        var sitting = Sitting(articles: 10)
        sitting.findings = [7, 2]
        sitting.press("/", "h", .enter, "/")
        #expect(sitting.bottom.hasPrefix("/ "))
        sitting.type("b")
        #expect(sitting.bottom.hasPrefix("/b "))
        sitting.press(.escape, "?")
        #expect(sitting.bottom.hasSuffix("%"))
        sitting.press("G")
        #expect(sitting.bottom.hasSuffix("end"))
        #expect(KeyBinding.table.contains { $0.contains("Ctrl-U") && $0.contains("delete all") })
    }

    @Test("deleting what was typed shows all again")
    func emptySearch() {
        var sitting = Sitting(articles: 10)
        sitting.findings = [7]
        sitting.press("/", "x", .backspace)
        #expect(sitting.bottom.hasPrefix("/") && sitting.bottom.hasSuffix("/10"))
        sitting.press(.backspace)
        #expect(sitting.model.prompt == nil)
        #expect(sitting.bottom.hasSuffix("/10"))
    }

    @Test("sources and list stand beside each other where there is room, and the list follows")
    func wide() {
        var sitting = Sitting(articles: 5, columns: 110)
        sitting.articles[2].summary.isSaved = true
        #expect(sitting.text.contains("Sections"))
        #expect(sitting.text.contains("│"))
        sitting.press("h")
        #expect(sitting.chosen.hasPrefix("All articles"))
        sitting.press("j")
        #expect(sitting.text.contains("Headline 2") && !sitting.text.contains("Headline 1"))
        sitting.press(.enter, .enter)
        #expect(sitting.text.contains("Paragraph 1 "))
    }

    @Test("on a narrow screen they take turns")
    func narrow() {
        var sitting = Sitting(articles: 5, columns: 60)
        #expect(!sitting.text.contains("Sections"))
        sitting.press("h")
        #expect(sitting.text.contains("Sections") && !sitting.text.contains("Headline"))
        sitting.press("G", .enter)
        #expect(sitting.text.hasPrefix(" Europe"))
        #expect(sitting.text.contains("Headline 0"))
    }

    @Test("f shows only unread ones, and all again; v takes one line an article")
    func toggles() {
        var sitting = Sitting(articles: 5)
        sitting.articles[0].summary.isRead = true
        sitting.press("f")
        #expect(sitting.chosen == "Headline 1")
        sitting.press("f")
        #expect(sitting.text.hasPrefix(" All articles"))
        sitting.press("v")
        #expect(sitting.text.contains("\n*     Kicker 1: Headline 1"))
    }

    @Test(
        "whatever the size, nothing is drawn outside and nothing fails",
        arguments: [(1, 1), (20, 5), (24, 4), (300, 100)])
    func sizes(_ columns: Int, _ rows: Int) {
        var sitting = Sitting(articles: 20)
        sitting.happen(.resized(columns: columns, rows: rows))
        for key in ["j", "G", "g", "?", "j", "q", "l", "j", "G", "h", "h", "/", "a"] as [Character] {
            sitting.press(.character(key))
            #expect(sitting.screen.columns == columns && sitting.screen.rows == rows)
        }
    }
}
