import SyncCore
import Testing

@Suite("What an article is called, and what is said of it above its text")
struct ArticleTitleTests {
    private func article(_ headline: String = "", standfirst: String? = nil, text: String = "") -> Article {
        var article = Article(
            id: ArticleID(digest: .zero), publication: EntityName(feedNamed: "magazine"), number: 1, guid: "1",
            headline: headline, revision: 1, contentHash: .zero)
        article.standfirst = standfirst
        article.bodyText = text
        return article
    }

    @Test("the headline is the title; without one the first words are")
    func titles() {
        #expect(article("The Tide", text: "At noon").title == "The Tide")
        #expect(
            article(text: "[Image: a boat]\n\n> - At noon the water fell.\nThen").title == "At noon the water fell.")
        #expect(article(" ", standfirst: "A short line", text: "At noon").title == "A short line")
        #expect(article(standfirst: "", text: "At noon").title == "At noon")
        #expect(article(text: "\n \n").title == "Untitled")
        #expect(article(text: String(repeating: " ", count: 1_000_000)).title == "Untitled")
    }

    @Test("a long beginning is cut behind a word, and where there are no blanks anywhere")
    func cuts() {
        let words = article(text: String(repeating: "harbour ", count: 30)).title
        #expect(words.count <= Article.maximumOpening && words.hasSuffix("harbour…"))
        #expect(article(text: String(repeating: "港", count: 300)).title.count == Article.maximumOpening)
        #expect(Article.cut("short", to: 5) == "short" && Article.cut("shorts", to: 5) == "shor…")
    }

    @Test(
        "a standfirst that the text begins with does not stand above it, whatever marks the text has",
        arguments: [
            ("At noon the water fell…", "At noon the water fell by three metres.", false),
            ("At noon the water fell.", "## At noon [1]\n\n[Image: a boat 5]\n\n- the water\n2. fell", false),
            ("港町の夜", "港町の夜明け", false),
            ("At noon the water rose", "At noon the water fell", true), ("At noon", "", true), ("5 %", "50 %", true),
            ("…", "At noon", true),
        ] as [(String, String, Bool)])
    func standfirsts(_ standfirst: String, _ text: String, _ isShown: Bool) {
        #expect(article(standfirst: standfirst, text: text).standfirstBesideText == (isShown ? standfirst : nil))
    }
}
