import FoundationEssentials
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

/// A folder of its own for one test, removed at its end.
final class Folder {
    let path: String

    init() throws {
        var draw = SystemRandomNumberGenerator()
        path = "/tmp/replica-tests-\(draw.next() as UInt64)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func replica(_ name: String = "a", id: UInt64 = 1) throws -> Replica {
        try Replica.create(at: path + "/\(name).sqlite", as: ReplicaID(rawValue: id))
    }

    func file(_ name: String = "a") -> String { path + "/\(name).sqlite" }
}

/// The instant at which tests happen, and `seconds` later.
func at(_ seconds: Int64) -> WallTime { WallTime(milliseconds: 1_790_000_000_000 + seconds * 1_000) }

func name(_ text: String) throws -> EntityName { try #require(EntityName(text)) }

func tag(_ text: String) throws -> TagName { try #require(TagName(text)) }

/// The article with this number.
func article(_ number: UInt64, revision: Int = 1) throws -> Article {
    let url = "https://magazine.example/2026/\(number)"
    var article = Article(
        id: storyID(number), publication: try name("magazine"), number: number, guid: url,
        headline: "Headline \(number) of revision \(revision)", revision: revision,
        contentHash: Digest128(hashing: "\(number)/\(revision)".utf8))
    article.url = url
    article.kicker = "Talking Points"
    article.standfirst = "What article \(number) is about"
    article.authors = [Author(name: "Ada Writer", url: "https://magazine.example/ada", bio: "Writes.")]
    article.section = number % 2 == 0 ? "politics" : "culture"
    article.published = at(Int64(number) * 60)
    article.image = LeadImage(
        url: "https://magazine.example/i.jpg", caption: "A \"caption\"", credit: "Me", alt: "x")
    article.bodyHTML = "<p>Body \(number), revision \(revision)</p>"
    article.bodyText = "Body \(number), revision \(revision)"
    article.enclosures = [Enclosure(url: "https://magazine.example/a.mp3", type: "audio/mpeg", length: 5)]
    article.related = [RelatedArticle(url: "https://magazine.example/other", id: storyID(99))]
    article.language = "en"
    article.feeds = [try name("all")]
    article.extra = [
        "later": .object(["b": .integer(1), "a": .array([.null, .bool(true), .string("é\n")])])
    ]
    return article
}

func storyID(_ number: UInt64) -> ArticleID {
    ArticleID(publication: "magazine", guid: "https://magazine.example/2026/\(number)")
}

/// A page of history with the hashes of its indexes, so that pages of one history join.
func page(_ entries: [CatalogEntry?], from: UInt64 = 0, generation: String = "g") throws -> CatalogPage {
    let hashes = (0...UInt64(entries.count)).map { Digest128(hashing: "\(generation)\($0 + from)".utf8) }
    return CatalogPage(
        publication: try name("magazine"), generation: generation, from: from, entries: entries,
        hashes: hashes)
}

/// A page with articles `numbers`, the first at index `from`.
func articles(_ numbers: ClosedRange<UInt64>, from: UInt64 = 0) throws -> CatalogPage {
    try page(numbers.map { .article(try article($0)) }, from: from)
}

func library() throws -> Library {
    Library(
        version: "l1",
        publications: [
            Publication(id: try name("magazine"), number: 7, title: "The Magazine", language: "en")
        ],
        feeds: [Feed(id: try name("all"), publication: try name("magazine"), title: "All")],
        newsletters: [
            Newsletter(
                id: try name("daily"), title: "Daily", summary: "Every day",
                cadences: [try #require(Cadence("daily")), try #require(Cadence("weekly"))])
        ],
        wordings: [
            ConsentWording(
                purpose: try name("brandOffers"), version: "1", text: "May we write?", policyVersion: "p",
                termsVersion: "t")
        ])
}

extension Replica {
    /// Sends and pulls until there is nothing left to do.
    @discardableResult
    func sync(with server: TinyServer, at now: WallTime) throws -> StateSummary {
        var total = StateSummary()
        for _ in 0..<1_000 {
            let push = try changesToPush(limit: 7, fields: Set(RemoteCapabilities.FieldKind.allCases))
            let state = try syncState()
            let reply = try server.exchange(state, push, at: now)
            total = total + (try apply(reply, at: now))
            if reply.remaining == 0, try pendingCount() == 0 { return total }
        }
        Issue.record("a sync did not come to an end")
        return total
    }

    func set(_ edits: Edit?..., at now: WallTime) throws -> RecordSummary {
        try record(try edits.map { try #require($0) }, at: now)
    }

    func key(_ number: UInt64, _ field: Field) throws -> RegisterKey {
        try #require(RegisterKey(.article(storyID(number)), field))
    }
}
