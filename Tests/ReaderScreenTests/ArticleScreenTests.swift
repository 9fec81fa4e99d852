import SyncCore
import TerminalScreen
import TerminalText
import Testing

@testable import ReaderScreen
@testable import SQLiteReplica

@Suite("An article on the screen")
struct ArticleScreenTests {
    @Test("it begins with kicker, headline, standfirst, facts and the caption of its image, and is marked read")
    func head() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter)
        for part in [
            "Kicker 0", "Headline 0", "What article 0 is about", "By Ada Writer · Europe · 2026-11-29 12:00",
            "[Image: The quay (Jon Varga)]", "Paragraph 1 says",
        ] { #expect(sitting.text.contains(part)) }
        #expect(sitting.articles[0].summary.isRead)
        sitting.press("q")
        #expect(sitting.chosen == "Headline 0")
        #expect(!sitting.text.contains("*     Kicker 0"))
        #expect(sitting.text.contains("*     Kicker 1"))
    }

    @Test("a picture that is held stands above its caption, and is shown while all of it is in sight")
    func picture() throws {
        var sitting = Sitting(articles: 3)
        let size: [UInt8] = [0, 0, 6, 64, 0, 0, 3, 132]
        let head: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
        sitting.picture = OpenArticle.Picture(path: "/assets/one", header: try #require(PictureHeader(head + size)))
        sitting.press(.enter)
        let shown = try #require(sitting.screen.picture)
        #expect(shown == Grid.Picture(place: .init(column: 2, row: 8), columns: 49, rows: 14, path: "/assets/one"))
        #expect(!sitting.text.contains("[Image"))
        sitting.press("j")
        #expect(sitting.text.contains("The quay (Jon Varga)"))
        #expect(sitting.screen.picture?.place.row == 7)
        sitting.press(.pageDown)
        #expect(sitting.screen.picture == nil)
        sitting.press("g", "q")
        #expect(sitting.screen.picture == nil)
    }

    @Test("a picture that cannot be shown after all gives way to its caption, in every article that is open")
    func brokenPicture() throws {
        var sitting = Sitting(articles: 3)
        let size: [UInt8] = [0, 0, 6, 64, 0, 0, 3, 132]
        let head: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
        sitting.picture = OpenArticle.Picture(path: "/assets/one", header: try #require(PictureHeader(head + size)))
        sitting.press(.enter, "1", .enter)
        #expect(sitting.screen.picture != nil)
        sitting.picture = nil
        sitting.happen(.picturesChanged)
        #expect(sitting.screen.picture == nil && sitting.text.contains("[Image: The quay (Jon Varga)]"))
        sitting.press("h")
        #expect(sitting.text.contains("Headline 0"))
        #expect(sitting.screen.picture == nil && sitting.text.contains("[Image: The quay (Jon Varga)]"))
    }

    @Test("it ends with its links by number, its author and the related articles, those held by headline")
    func foot() {
        var sitting = Sitting(articles: 6)
        sitting.press(.enter, "G")
        for part in [
            "[1] https://magazine.example/1", "[2] https://elsewhere.example/", "Ada writes about harbours.",
            "[3] Headline 5", "[4] https://magazine.example/999",
        ] { #expect(sitting.text.contains(part)) }
        #expect(sitting.bottom.hasSuffix("end"))
    }

    @Test("lines fit, quotations and points keep their marks, and a narrower screen wraps anew at the same place")
    func wrapping() {
        var sitting = Sitting(articles: 3, columns: 80)
        sitting.press(.enter)
        let wide = sitting.model.articles[0].lines.count
        sitting.press("G", "b")
        sitting.happen(.resized(columns: 40, rows: 24))
        let pane = sitting.model.articles[0]
        #expect(pane.lines.allSatisfy { $0.text.columns <= 36 })
        #expect(pane.lines.count > wide)
        #expect(pane.lines.count { $0.text.plain.hasPrefix("> ") } > 1)
        #expect(pane.lines.contains { $0.text.plain == "- a point" })
        #expect(pane.window.top > pane.lines.count / 2)
    }

    @Test("code keeps its blanks, and goes on under its indentation")
    func code() {
        let text = ArticleText("def f(x):\n    return   2 or more", width: 18)
        #expect(text.lines.map(\.text.plain) == ["def f(x):", "    return   2 or", "    more"])
    }

    @Test("Tab chooses links, Enter follows one here if it is held, and back leads back")
    func links() {
        var sitting = Sitting(articles: 6)
        sitting.press(.enter, .tab)
        #expect(sitting.chosen == "[1] https://magazine.example/1")
        sitting.press(.enter)
        #expect(sitting.text.contains("Headline 1"))
        sitting.press("h")
        #expect(sitting.chosen == "[1] https://magazine.example/1")
        sitting.press(.tab, .enter)
        #expect(sitting.asked.last == .open(.address("https://elsewhere.example/"), .push))
        sitting.press(.tab, .enter)
        #expect(sitting.text.contains("Headline 5"))
    }

    @Test("the number of a link opens it")
    func linkNumber() {
        var sitting = Sitting(articles: 6)
        sitting.press(.enter, "3")
        #expect(sitting.bottom.hasPrefix("Link: 3"))
        sitting.press(.enter)
        #expect(sitting.text.contains("Headline 5"))
        for wrong in ["0", "-9223372036854775808", "99999999999999999999", "x"] {
            sitting.press("1", .backspace, "1", .control("u"))
            sitting.type(wrong)
            sitting.press(.enter)
            #expect(sitting.bottom.contains("there is no link"))
        }
        sitting.press("9", .enter)
        #expect(sitting.bottom.contains("there is no link 9"))
    }

    @Test("/ finds in the text as it is typed, n and N go on, round the end")
    func find() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, "/")
        sitting.type("paragraph 3")
        sitting.press(.enter)
        #expect(sitting.chosen.hasPrefix("Paragraph 3"))
        let first = sitting.model.articles[0].window.top
        sitting.press("n")
        #expect(sitting.model.articles[0].window.top > first)
        sitting.press("N")
        #expect(sitting.model.articles[0].window.top == first)
        sitting.press("/")
        sitting.type("nowhere")
        #expect(sitting.bottom.hasPrefix("/nowhere"))
        sitting.press(.enter)
        #expect(sitting.bottom.contains("'nowhere' is not in this text"))
    }

    @Test("J, K and n go on in the list without going back to it")
    func neighbours() {
        var sitting = Sitting(articles: 5)
        sitting.articles[2].summary.isRead = true
        sitting.press(.enter, "J")
        #expect(sitting.text.contains("Headline 1"))
        sitting.press("n")
        #expect(sitting.text.contains("Headline 3"))
        sitting.press("K")
        #expect(sitting.text.contains("Headline 2"))
        sitting.press("q")
        #expect(sitting.chosen == "Headline 2")
    }

    @Test("c shows what was corrected since the article was read, also after a mark")
    func changes() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, "c")
        #expect(sitting.bottom.contains("nothing was corrected since you read it"))
        sitting.press("q")
        sitting.changes = ["the -old- +new+ word"]
        sitting.press(.enter, "s")
        #expect(sitting.text.contains("corrected since you read it: c shows the words"))
        sitting.press("c")
        #expect(sitting.text.contains("the -old- +new+ word"))
        sitting.press("q")
        #expect(sitting.text.contains("Paragraph 1 says"))
    }

    @Test("o asks for the page, or for the chosen link")
    func browse() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, "o")
        #expect(sitting.asked.last == .browse("https://magazine.example/0"))
        sitting.press(.tab, .tab, "o")
        #expect(sitting.asked.last == .browse("https://elsewhere.example/"))
    }

    @Test("a list of addresses that is no list of the text's links stays text")
    func noLinks() {
        let text = ArticleText("See below\n\n[3] https://a.example/\n[9] https://b.example/", width: 60)
        #expect(text.addresses.isEmpty)
        #expect(text.lines.count == 4)
        let none = ArticleText("", width: 60)
        #expect(none.addresses.isEmpty)
        let hostile = ArticleText(String(repeating: "> ", count: 500) + "x", width: 30)
        #expect(hostile.lines.allSatisfy { $0.text.columns <= 60 })
    }
}
