import SyncCore
import Testing

@Suite("Aliases of an article's address")
struct AliasTests {
    @Test("a changed scheme, host alias, closing slash or tracking parameter makes no difference")
    func variants() throws {
        let plain = try #require(ArticleAlias.key(of: "https://example.com/a/b"))
        for other in [
            "http://www.example.com/a/b", "https://m.example.com/a/b/", "//example.com/a/b?utm_source=feed#top",
            "https://EXAMPLE.com:443/a/b",
        ] {
            #expect(ArticleAlias.key(of: other) == plain, "\(other)")
        }
    }

    @Test("another path or query is another article")
    func differences() {
        let keys = [
            "https://example.com/a", "https://example.com/b", "https://example.com/?p=1", "https://example.com/?p=2",
        ]
        .map { ArticleAlias.key(of: $0) }
        #expect(Set(keys).count == 4 && !keys.contains(nil))
    }

    @Test("a home page and what is no address name no article")
    func homes() {
        for other in ["https://example.com", "https://www.example.com/", "tag:example.com,2024:1", "", "7"] {
            #expect(ArticleAlias.key(of: other) == nil, "\(other)")
        }
    }
}
