import FoundationEssentials
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite("Search in scripts that are written without blanks") struct SubstringSearchTests {
    let folder: Folder
    let replica: Replica

    init() throws {
        folder = try Folder()
        replica = try folder.replica()
        let texts = [
            "日本語の本文は、ここにある。", "ภาษาไทยไม่มีช่องว่างระหว่างคำ", "ພາສາລາວບໍ່ມີຊ່ອງຫວ່າງ",
            "ភាសាខ្មែរមិនមានដកឃ្លា", "မြန်မာဘာသာစကားဖြစ်သည်", "東京でiPhone発売、港町も", "한국어는 띄어쓰기가 있다",
        ]
        let entries = try texts.enumerated().map { index, text in
            var article = try article(UInt64(index) + 1)
            article.headline = "見出し\(index) of harbour"
            article.bodyText = text + (index == 5 ? " in Tokyo" : "")
            return CatalogEntry.article(article)
        }
        _ = try replica.apply(try page(entries), resets: false)
    }

    private func found(_ text: String, _ filter: ArticleFilter = ArticleFilter()) throws -> [UInt64] {
        let ids = try replica.search(text, filter, limit: 99).hits.map(\.article.id)
        return ids.compactMap { id in (1...99).first { storyID($0) == id } }
    }

    @Test(
        "a word is found within the text around it",
        arguments: [
            ("本語", 1), ("本文は", 1), ("「本文」", 1), ("ช่องว่าง", 2), ("ຊ່ອງ", 3), ("មិនមាន", 4), ("စကား", 5), ("港町", 6),
            ("iphone発売", 6), ("띄어쓰기가", 7),
        ] as [(String, UInt64)])
    func within(_ text: String, _ number: UInt64) throws {
        #expect(try found(text) == [number])
    }

    @Test("the newest come first, and filters and other words hold as well")
    func filters() throws {
        #expect(try found("見出し") == [7, 6, 5, 4, 3, 2, 1])
        #expect(try found("見出し*", ArticleFilter(section: "politics")) == [6, 4, 2])
        #expect(try found("見出し harbour") == [7, 6, 5, 4, 3, 2, 1])
        #expect(try found("見出し tokyo") == [6])
        #expect(try found("港町 東京") == [6])
        #expect(try found("港町 日本").isEmpty)
        #expect(try found("東京 osaka").isEmpty)
        #expect(try found("本%文").isEmpty)
    }

    @Test("a limit stops the search and is told, and so does whoever no longer wants it")
    func bounds() throws {
        let some = try replica.search("見出し", limit: 3)
        #expect(some.hits.count == 3 && some.hasMore)
        #expect(try !replica.search("見出し", limit: 7).hasMore)
        var asked = 0
        let stopped = try replica.search("ภาษา", limit: 7) {
            asked += 1
            return asked < 3
        }
        #expect(asked == 3 && stopped.hits.isEmpty && stopped.hasMore)
    }

    @Test("a snippet shows what was found and what stands around it")
    func snippets() throws {
        let hit = try replica.search("iPhone", limit: 1).hits.first
        #expect(hit == nil)
        let within = try replica.search("iPhone発売 港町", limit: 1).hits.first
        #expect(within?.snippet == "東京で\u{2}iPhone発売\u{3}、\u{2}港町\u{3}も in Tokyo")
        var long = try article(8)
        long.bodyText = String(repeating: "前", count: 5_000) + "港町" + String(repeating: "後", count: 5_000)
        _ = try replica.apply(try page([.article(long)], from: 7), resets: false)
        let snippet = try #require(try replica.search("港町", limit: 1).hits.first?.snippet)
        #expect(snippet.hasPrefix("…前") && snippet.contains("前\u{2}港町\u{3}後") && snippet.hasSuffix("後…"))
        #expect(snippet.count < 90)
    }
}
