import FeedFormats
import FeedSession
import SyncCore
import Testing

@Suite("Promotions")
struct PromotionTests {
    private func isPromotion(
        _ headline: String, link: String = "https://example.com/a", categories: [String] = [], text: String = ""
    ) -> Bool {
        reading([
            entry("1", link: link) {
                $0.headline = headline
                $0.categories = categories
                $0.bodyText = text
            }
        ]).articles[0].article.isPromotion
    }

    @Test(
        "an address or category for subscribing and one sign more make a promotion",
        arguments: [
            ("Subscribe now", "https://example.com/subscribe?utm_source=rss", [String](), ""),
            ("Read us all year", "https://example.com/en/subscriptions", ["Promotion"], ""),
            ("Jetzt abonnieren", "https://abo.example.com/", [], ""),
            ("Our spring greeting", "https://example.com/offer/", [], "A subscription for €9 a month."),
            ("Three months of digital access for $1", "https://example.com/a", ["Advertisement"], ""),
        ])
    func promotions(_ headline: String, _ link: String, _ categories: [String], _ text: String) {
        #expect(isPromotion(headline, link: link, categories: categories, text: text))
    }

    @Test(
        "one sign alone makes none",
        arguments: [
            ("Why we subscribe to fear", "https://example.com/opinion/why-we-subscribe-to-fear", [String](), ""),
            ("Subscribe to your local paper", "https://example.com/opinion/papers", ["Opinion"], ""),
            ("Headphones at half price", "https://example.com/offers/headphones", [], ""),
            ("Leeds go up", "https://example.com/sport/leeds", ["Promotion"], "They won 3:0."),
            ("How we write", "https://example.com/subscription", [], ""),
            ("Subscribe and be damned: a subscription costs $5", "https://example.com/a", [], "Subscribe now"),
        ])
    func articles(_ headline: String, _ link: String, _ categories: [String], _ text: String) {
        #expect(!isPromotion(headline, link: link, categories: categories, text: text))
    }

    @Test(
        "an article on what something costs makes none, wherever it stands",
        arguments: [
            ("Membership has its costs: NATO", "membership/nato", "At 2% of GDP, a subscription to security"),
            ("Become a member of NATO? Not so fast", "membership/nato", ""),
            ("Netflix raises its price", "offers/tv", "A subscription now costs $15 a month, the company said."),
            ("The union's dues", "membership/unions", "Dues rose by 4%. A membership lasts a year."),
            ("What streaming costs", "subscription/streaming", "Half of all subscribers pay more than €20."),
            ("Gyms after January", "membership/gyms", "40% of those who take out a membership never come back"),
            ("Software by the month", "subscriptions/software", "Adobe's subscription business grew 11% to $5bn."),
            ("Die Bahn und ihr Abo", "abo/bahn", "Das Abonnement kostet 58 € im Monat, 9 € mehr."),
            ("Golf clubs in trouble", "membership/golf", "Membership fell 20% in ten years."),
            ("A $70bn offer for a rival", "offers/mergers", "Full access to the market is worth $70bn."),
            ("About a subscription to fear", "offer/opinion", "Over 50% of readers agree: fear sells."),
        ])
    func costs(_ headline: String, _ path: String, _ text: String) {
        #expect(!isPromotion(headline, link: "https://example.com/\(path)", text: text))
    }

    @Test("a long text that ends with a call to subscribe is no sign")
    func longText() {
        let text = String(repeating: "Words and words. ", count: 60) + "A subscription is $1 a month."
        #expect(!isPromotion("Leeds go up", categories: ["Promotion"], text: text))
    }

    @Test("a promotion is kept")
    func kept() {
        #expect(reading([entry("1", link: "https://example.com/subscribe") { $0.headline = "Subscribe" }]).skipped == 0)
    }
}

@Suite("Kickers")
struct KickerTests {
    private func head(
        _ headline: String, kicker: String? = nil, categories: [String] = [], language: String? = "en"
    ) -> [String?] {
        let article = reading([
            entry("1") {
                $0.headline = headline
                $0.kicker = kicker
                $0.categories = categories
                $0.language = language
            }
        ]).articles[0].article
        return [article.kicker, article.headline]
    }

    @Test(
        "several spellings are one",
        arguments: ["TALKING POINTS", "Talking points", "talking-points", "Talking Points", "talking points"])
    func spellings(_ kicker: String) {
        #expect(head("H", kicker: kicker)[0] == "Talking Points")
    }

    @Test(
        "words keep what is their own",
        arguments: [
            ("IN THE SPOTLIGHT", "en", "In the Spotlight"), ("LETTER FROM THE EU", "en-GB", "Letter from the EU"),
            ("iPhone news", "en", "iPhone news"), ("e-books", "en", "E-books"), ("Point de vue", "fr", "Point de vue"),
            ("POINT DE VUE", "fr", "Point de vue"), ("ZUR SACHE", "de", "Zur Sache"), ("Zur Sache", "de", "Zur Sache"),
            ("Q&A", "en", "Q&A"), ("BLICK AUF DIE WELT", "de-CH", "Blick auf die Welt"),
        ])
    func words(_ kicker: String, _ language: String, _ expected: String) {
        let found = head("H", kicker: kicker, language: language)[0]
        #expect(found == expected)
    }

    @Test("a kicker before the headline is one where the entry names it as a category too")
    func prefixes() {
        #expect(head("Talking points: The wait", categories: ["talking-points"]) == ["Talking Points", "The wait"])
        #expect(
            head("TALKING POINTS | The wait", categories: ["A", "Talking Points"]) == ["Talking Points", "The wait"])
        #expect(head("Ukraine: the wait", categories: ["Politics"]) == [nil, "Ukraine: the wait"])
        #expect(head("Letter: The wait", kicker: "LETTER") == ["Letter", "The wait"])
        #expect(
            head("Ukraine: the wait", kicker: "Letter", categories: ["Ukraine"]) == ["Letter", "Ukraine: the wait"])
    }

    @Test("the first category is the kicker where the feed is named for it")
    func feedTitle() {
        #expect(head("The wait", categories: ["TITLE", "A"]) == ["Title", "The wait"])
        #expect(head("The wait", categories: ["A", "Title"]) == [nil, "The wait"])
    }
}
