import Foundation
import SyncCore
import SyncTestKit
import Testing

@testable import Editions

/// Editions as files, for `Tools/edition-test`, which has other people's programs look at them.
@Suite("Samples of editions")
struct EditionSamples {
    private static let folder = ProcessInfo.processInfo.environment["EDITION_SAMPLES"]

    @Test("are written where EDITION_SAMPLES says", .enabled(if: folder != nil), arguments: [1, 2])
    func write(seed: UInt64) throws {
        let folder = try #require(Self.folder)
        var random = SeededRandom(seed: seed)
        var articles = try (1...120).map { number in
            var article = try EditionFixture.article(
                number, HTMLNoise.text(&random, pieces: 80), section: number % 3 == 0 ? nil : "Section \(number % 5)")
            article.language = ["de", "fr-CA", "zh-Hant-TW", "not a tag", nil][number % 5]
            return article
        }
        articles[0].kicker = "Kicker <&>"
        articles[0].standfirst = "Standfirst"
        articles[0].authors = [Author(name: "Ann", url: "https://a.example/ann", bio: "Sails.")]
        articles[0].image = LeadImage(url: HTMLNoise.image, caption: "The pier", credit: "Photo: Bo", alt: "A pier")
        articles[0].related = [
            RelatedArticle(url: "https://harbour.example/2"), RelatedArticle(url: "https://b.example/"),
        ]
        articles[0].enclosures = [Enclosure(url: "https://a.example/a.mp3", type: "audio/mpeg", length: 5)]
        let images = [HTMLNoise.image: EditionFixture.dot]
        try Data(EditionFixture.epub(articles, images: images)).write(
            to: URL(filePath: "\(folder)/sample-\(seed).epub"))
        try Data(EditionFixture.page(articles, images: images).utf8)
            .write(to: URL(filePath: "\(folder)/sample-\(seed).html"))
    }
}

/// Texts in which every element stands in every other.
enum HTMLNoise {
    static let image = "https://a.example/d.png"

    private static let names = [
        "a", "abbr", "b", "blockquote", "caption", "cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt",
        "em",
        "figcaption", "figure", "h1", "h2", "h3", "h6", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp",
        "rt", "ruby",
        "s", "samp", "small", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
        "tr", "u",
        "ul", "var", "section", "svg", "script", "span", "iframe",
    ]

    private static let attributes = [
        "", "", "", " lang=de", " lang=tlh-Latn-x", " dir=rtl", " title='a \"b\" <c>'", " id=x", " class=y",
        " href='https://a.example/?a=1&b=[2]#c#d'",
        " href='https://harbour.example/7'", " href='javascript:x'", " colspan=2 rowspan=0", " start=3", " value=2",
        " datetime=soon",
        " cite='https://a.example/ x'", " style='color:red' onclick=x",
    ]

    private static let texts = [
        "word ", "two words", "&amp;", "&lt;b&gt;", "&#0;", "]]>", "<!-- c -->", "\u{FFFE}", "\u{B}", "<br>", "<hr>",
        "<wbr>", "\n  ",
        "<img src=\"\(image)\" alt=\"a 'b' <c>\">", "<img src=\"https://a.example/gone.png\" alt=gone>", "漢字", "سلام",
        "👩‍👩‍👧",
    ]

    static func text(_ random: inout SeededRandom, pieces: Int) -> String {
        func one<T>(of list: [T]) -> T { list[Int(random.next() % UInt64(list.count))] }
        return (0..<pieces).map { _ in
            switch random.next() % 5 {
            case 0, 1: "<\(one(of: names))\(one(of: attributes))>"
            case 2: "</\(one(of: names))>"
            default: one(of: texts)
            }
        }.joined()
    }
}
