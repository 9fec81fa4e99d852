import Foundation
import SyncCore
import SyncProtocol
import Testing

@Suite("Tiles")
struct CatalogLinesTests {
    private let publication: EntityName
    private let lines: [Data]
    private let body: Data

    init() throws {
        publication = try #require(EntityName("meridian"))
        var article = Article(
            id: ArticleID(publication: "meridian", guid: "1"), publication: publication, number: 1, guid: "1",
            headline: "A \"headline\"\nwith 新聞", revision: 2, contentHash: Digest128(hashing: [1]))
        article.authors = [Author(name: "Ann", url: "https://a.example", bio: nil)]
        article.published = WallTime(milliseconds: 77)
        article.related = [RelatedArticle(url: "https://b.example", id: nil)]
        article.access = .subscriber
        article.extra = ["mood": .string("calm")]
        let entries: [CatalogEntry] = [
            .article(article), .feeds(number: 1, [publication]), .removed(number: 1),
        ]
        lines = try entries.map { try CatalogLines.line($0) }
        body = try CatalogLines.body(
            TileHeader(publication: publication, generation: "g", from: 256, count: 3, start: .zero), lines: lines)
    }

    @Test("entries survive the wire, members of a later version too")
    func roundTrip() throws {
        let page = try CatalogLines.page(from: body)
        #expect(page.from == 256 && page.to == 259)
        guard case .article(let article)? = page.entries[0] else {
            Issue.record("no article")
            return
        }
        #expect(article.publication == publication)
        #expect(article.headline == "A \"headline\"\nwith 新聞")
        #expect(article.access == .subscriber)
        #expect(article.extra == ["mood": .string("calm")])
        #expect(try CatalogLines.line(.article(article)) == lines[0])
        #expect(page.entries[1] == .feeds(number: 1, [publication]))
        #expect(page.entries[2] == .removed(number: 1))
    }

    @Test("the hashes chain over the bytes of the lines")
    func chain() throws {
        let page = try CatalogLines.page(from: body)
        var hash = Digest128.zero
        for (index, line) in lines.enumerated() {
            #expect(page.hashes[index] == hash)
            hash = CatalogLines.hash(after: hash, line: line)
        }
        #expect(page.hashes.last == hash)
    }

    @Test("one flipped bit anywhere in a line changes the last hash")
    func flipped() throws {
        let last = try CatalogLines.page(from: body).hashes.last
        let start = body.firstIndex(of: 10) ?? 0
        for offset in stride(from: start + 1, to: body.count - 1, by: 37) where body[offset] != 10 {
            var damaged = body
            damaged[offset] ^= 0x01
            guard damaged[offset] != 10, let page = try? CatalogLines.page(from: damaged) else { continue }
            #expect(page.hashes.last != last)
        }
    }

    @Test("a tile that is cut anywhere is an error")
    func truncated() {
        for length in stride(from: 0, to: body.count - 1, by: 11) {
            #expect(throws: WireError.self) { try CatalogLines.page(from: body.prefix(length)) }
        }
    }

    @Test("a line that this version cannot read counts for the hashes and blocks nothing")
    func unreadable() throws {
        let odd = [lines[0], Data(#"{"poem":{}}"#.utf8), lines[2]]
        let page = try CatalogLines.page(
            from: try CatalogLines.body(
                TileHeader(publication: publication, generation: "g", from: 0, count: 3, start: .zero), lines: odd))
        #expect(page.entries[1] == nil)
        #expect(page.entries[0] != nil && page.entries[2] != nil)
        #expect(page.hashes.count == 4)
    }

    @Test("a header that promises more or fewer lines is an error", arguments: [0, 2, 4, 1_000_000, -1])
    func wrongCount(count: Int) throws {
        let wrong = try CatalogLines.body(
            TileHeader(publication: publication, generation: "g", from: 0, count: count, start: .zero), lines: lines)
        #expect(throws: WireError.self) { try CatalogLines.page(from: wrong) }
    }

    @Test("an index near 2^64 is an error and not an overflow")
    func hugeIndex() throws {
        let body = try CatalogLines.body(
            TileHeader(publication: publication, generation: "g", from: .max, count: 3, start: .zero), lines: lines)
        #expect(throws: WireError.self) { try CatalogLines.page(from: body) }
    }

    @Test("a kind of access of a later version does not open an article")
    func laterAccess() throws {
        let text = String(decoding: lines[0], as: UTF8.self).replacing("\"subscriber\"", with: "\"members\"")
        let wire = try WireCodec.decode(WireCatalogEntry.self, from: Data(text.utf8))
        guard case .article(let read) = wire else {
            Issue.record("no article")
            return
        }
        #expect(read.article.access == .subscriber)
    }

    private func read(_ text: String) throws -> Article {
        let wire = try WireCodec.decode(WireCatalogEntry.self, from: Data(text.utf8))
        guard case .article(let read) = wire else { throw WireError("no article") }
        return read.article
    }

    @Test("an article that is a promotion, or dated to the day, says so, and any other says nothing")
    func promotion() throws {
        let plain = String(decoding: lines[0], as: UTF8.self)
        #expect(!plain.contains("promotion") && !plain.contains("publishedToDay"))
        var article = try read(plain)
        #expect(!article.isPromotion && !article.isDayPrecise)
        (article.isPromotion, article.isDayPrecise) = (true, true)
        let line = String(decoding: try CatalogLines.line(.article(article)), as: UTF8.self)
        #expect(line.contains("\"promotion\":true") && line.contains("\"publishedToDay\":true"))
        #expect(try read(line) == article)
        #expect(article.extra == ["mood": .string("calm")])
    }

    @Test("a kind of article that a later version adds is kept as it came")
    func laterKind() throws {
        let text = String(decoding: lines[0], as: UTF8.self)
            .replacing("\"mood\":\"calm\"", with: "\"mood\":\"calm\",\"advertorial\":true")
        let article = try read(text)
        #expect(article.extra == ["mood": .string("calm"), "advertorial": .bool(true)])
        #expect(try read(String(decoding: try CatalogLines.line(.article(article)), as: UTF8.self)) == article)
    }

    @Test(
        "a mark that is neither true nor false makes the line unreadable, and no promotion",
        arguments: ["1", "\"yes\""])
    func oddMark(value: String) throws {
        let text = String(decoding: lines[0], as: UTF8.self)
            .replacing("\"mood\":\"calm\"", with: "\"promotion\":\(value)")
        #expect(throws: (any Error).self) { try read(text) }
    }
}
