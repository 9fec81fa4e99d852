import FeedFormats
import Foundation
import Testing

/// FeedKit's and Miniflux's samples, which come without a machine-readable oracle: what a person reads in them.
@Suite("Small corpora", .enabled(if: Corpora.isPresent))
struct SmallCorporaTests {
    @Test("the samples of FeedKit and Miniflux say what a person reads in them")
    func agreement() throws {
        var agreement = Agreement("feedkit and miniflux")
        for (file, field, wanted) in Self.expectations {
            guard let url = Corpora.root?.appendingPathComponent(file), let data = try? Data(contentsOf: url) else {
                continue
            }
            var feed = ParsedFeed(format: .rss)
            var refusal: FeedError?
            do throws(FeedError) {
                feed = try FeedParser.parse(data, contentType: nil, baseURL: "http://example.com/feed")
            } catch {
                refusal = error
            }
            agreement.begin(file, refusal: refusal)
            let path: [Any] = field.split(separator: "/").map { part -> Any in
                if let index = Int(part) { return index }
                return String(part)
            }
            let found = try #require(FeedparserFields.value(path, in: feed), "\(field)")
            agreement.check(field, found.text, wanted, as: found.kind)
        }
        try agreement.settle(floor: 950, atLeast: 20)
    }

    private static let expectations = [
        ("feedkit/xml/AtomDC.xml", "feed/title", "title"), ("feedkit/xml/AtomDC.xml", "feed/author", "creator"),
        ("feedkit/xml/AtomDC.xml", "version", "atom03"), ("feedkit/xml/AtomDC.xml", "entries/0/title", "title"),
        ("feedkit/xml/AtomDC.xml", "entries/0/author", "creator"),
        ("feedkit/xml/AtomDC.xml", "entries/0/id", "identifier"),
        ("feedkit/xml/AtomDC.xml", "entries/0/published_parsed", "946728000000"),
        ("feedkit/xml/Syndication.xml", "feed/ttl", "30"), ("feedkit/xml/Podcast.xml", "feed/title", "Test Podcast"),
        ("feedkit/xml/Podcast.xml", "entries/1/title", "Episode 2: Advanced Topics"),
        ("feedkit/xml/YouTube.xml", "version", "atom10"),
        ("miniflux/encoding/testdata/invalid-prolog.xml", "feed/title", "테스트 피드"),
        ("miniflux/encoding/testdata/invalid-prolog.xml", "encoding", "utf-8"),
        ("miniflux/encoding/testdata/utf8.xml", "entries/0/title", "Café"),
        ("miniflux/encoding/testdata/iso-8859-1.xml", "feed/title", "Café"),
        ("miniflux/encoding/testdata/iso-8859-1.xml", "feed/description", "Présentation"),
        ("miniflux/encoding/testdata/iso-8859-1.xml", "encoding", "windows-1252"),
        ("miniflux/encoding/testdata/koi8r.xml", "encoding", "koi8-r"),
        ("miniflux/encoding/testdata/koi8r.xml", "feed/language", "ru"),
        ("miniflux/encoding/testdata/koi8r.xml", "feed/link", "http://example.com/"),
    ]
}
