import SQLiteReplica
import SyncCore
import Testing

@Suite("Beginnings that fit several articles")
struct AmbiguityTests {
    @Test("an ambiguous prefix ends with 3 and names the candidates")
    func ambiguous() async throws {
        let device = try Device()
        let path = device.folder.path + "/two.sqlite"
        try Self.makeReplica(at: path)
        let outcome = try await device.run("save", "abcd", "--replica", path)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("abcd1") && outcome.errors.contains("abcd2"))
        let json = try await device.run("save", "abcd", "--replica", path, "--json")
        #expect((try json.error()["candidates"] as? [String])?.count == 2)
        try await device.done("save", "abcd1", "--replica", path)
    }

    @Test("a section that only an old article is in is one, though the list is empty for another reason")
    func oldSection() async throws {
        let device = try Device()
        let path = device.folder.path + "/many.sqlite"
        let replica = try Replica.create(at: path, as: ReplicaID(rawValue: 7))
        let publication = try #require(EntityName("review"))
        let entries = try (0..<2_100).map { number in
            let digits = String(number + 0x1000, radix: 16)
            var article = Article(
                id: try #require(ArticleID(digits + String(repeating: "0", count: 32 - digits.count))),
                publication: publication, number: UInt64(number + 1), guid: digits, headline: "Headline", revision: 1,
                contentHash: Digest128(high: 0, low: UInt64(number)))
            article.section = number == 0 ? "Old" : "New"
            article.published = WallTime(milliseconds: Int64(number) * 1_000)
            return CatalogEntry.article(article)
        }
        let hashes = (0...2_100).map { Digest128(high: 0, low: $0) }
        _ = try replica.apply(
            CatalogPage(publication: publication, generation: "g", from: 0, entries: entries, hashes: hashes),
            resets: false)
        try replica.close()
        try await device.done("list", "--section", "Old", "--saved", "--replica", path)
        #expect(try await device.run("list", "--section", "Older", "--replica", path).status == 3)
    }

    private static func makeReplica(at path: String) throws {
        let replica = try Replica.create(at: path, as: ReplicaID(rawValue: 7))
        let publication = try #require(EntityName("review"))
        let entries = try ["abcd1", "abcd2"].enumerated().map { index, prefix in
            let digits = prefix + String(repeating: "0", count: 32 - prefix.count)
            return CatalogEntry.article(
                Article(
                    id: try #require(ArticleID(digits)), publication: publication, number: UInt64(index + 1),
                    guid: prefix, headline: "Headline \(prefix)", revision: 1,
                    contentHash: Digest128(high: 0, low: UInt64(index))))
        }
        let hashes = (0...2).map { Digest128(high: 0, low: $0) }
        _ = try replica.apply(
            CatalogPage(publication: publication, generation: "g", from: 0, entries: entries, hashes: hashes),
            resets: false)
        try replica.close()
    }
}
