import GRDB
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct CatalogTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice() }

    private func corrected(_ number: UInt64, revision: Int) throws -> Article {
        var article = try article(number, revision: revision)
        article.bodyText = "corrected body \(revision)"
        article.updated = at(Int64(revision) * 1_000_000)
        return article
    }

    @Test("everything the publisher says of an article comes back as it was")
    func roundTrip() throws {
        _ = try replica.apply(try articles(1...3), resets: false)
        #expect(try replica.article(storyID(2).description).article == article(2))
    }

    @Test("an older revision that comes late is kept beside the newer one, and never replaces it")
    func olderRevisionLate() throws {
        _ = try replica.apply(try page([.article(try corrected(1, revision: 2))], from: 128), resets: false)
        let summary = try replica.apply(try page([.article(try article(1))], from: 0), resets: false)
        #expect(summary == CatalogSummary())
        #expect(try replica.article(storyID(1).description).article.revision == 2)
        #expect(try replica.revisions(of: storyID(1)).map(\.revision) == [2, 1])
        #expect(try replica.revisions(of: storyID(1)).last?.bodyText == "Body 1, revision 1")
    }

    @Test("a correction replaces the text, keeps the reading state and says that it came after reading")
    func correction() throws {
        _ = try replica.apply(try articles(1...2), resets: false)
        _ = try replica.set(.read(storyID(1), true, by: .explicit), at: at(500))
        let summary = try replica.apply(
            try page([.article(try corrected(1, revision: 2))], from: 2), resets: false)
        #expect(summary == CatalogSummary(corrected: 1))
        let detail = try replica.article(storyID(1).description)
        #expect(detail.summary.isRead)
        #expect(detail.summary.correctedSinceRead)
        #expect(detail.olderRevisions == 1)
        #expect(try replica.articleIDs(ArticleFilter(correctedSinceRead: true)) == [storyID(1)])
    }

    @Test("runs of history are joined where they touch, and forgotten when the history is another one")
    func ranges() throws {
        _ = try replica.apply(try articles(257...300, from: 256), resets: false)
        _ = try replica.apply(try articles(1...128, from: 0), resets: false)
        #expect(try replica.catalogState().first?.ranges.map(\.from) == [0, 256])
        _ = try replica.apply(try articles(129...256, from: 128), resets: false)
        let joined = try #require(try replica.catalogState().first)
        #expect(joined.ranges.map(\.from) == [0])
        #expect(joined.ranges.map(\.to) == [300])
        #expect(joined.ranges.first?.toHash == Digest128(hashing: "g300".utf8))
        _ = try replica.apply(try page([.article(try article(1))], generation: "h"), resets: false)
        #expect(try replica.catalogState().first?.generation == "h")
        #expect(try replica.catalogState().first?.ranges.map(\.to) == [1])
        #expect(try replica.status().articles == 300)
    }

    @Test("a run that does not fit onto its neighbour makes the neighbour be pulled anew")
    func misfit() throws {
        _ = try replica.apply(try articles(1...2), resets: false)
        var odd = try articles(3...4, from: 2)
        odd.hashes[0] = .zero
        _ = try replica.apply(odd, resets: false)
        #expect(try replica.catalogState().first?.ranges.map(\.from) == [2])
    }

    @Test("what the reader said of an article before it came is shown when it comes")
    func stateBeforeArticle() throws {
        _ = try replica.set(
            .saved(storyID(1), true), .read(storyID(1), true, by: .bulk),
            .tag(storyID(1), try tag("t"), true),
            at: at(0))
        #expect(try replica.articleIDs(ArticleFilter()).isEmpty)
        _ = try replica.apply(try articles(1...1), resets: false)
        let summary = try replica.article(storyID(1).description).summary
        #expect(summary.isSaved)
        #expect(summary.isRead)
        #expect(summary.tags == [try tag("t")])
    }

    @Test("a withdrawn article is gone from lists, search and text, and comes back if it is published again")
    func removal() throws {
        _ = try replica.apply(try articles(1...2), resets: false)
        #expect(try replica.search("body", limit: 9).hits.count == 2)
        _ = try replica.set(.saved(storyID(1), true), at: at(0))
        let summary = try replica.apply(try page([.removed(number: 1)], from: 2), resets: false)
        #expect(summary.removed == 1)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(2)])
        #expect(try replica.search("body", limit: 9).hits.count == 1)
        let detail = try replica.article(storyID(1).description)
        #expect(detail.isRemoved)
        #expect(detail.article.bodyText == "")
        _ = try replica.apply(try page([.article(try corrected(1, revision: 2))], from: 3), resets: false)
        #expect(try replica.articleIDs(ArticleFilter(saved: true)) == [storyID(1)])
        #expect(try replica.search("corrected", limit: 9).hits.count == 1)
    }

    @Test("a withdrawal and a list of feeds that come before their article are applied when it comes")
    func entriesAhead() throws {
        let feeds = [try name("all"), try name("spotlight")]
        _ = try replica.apply(
            try page([.removed(number: 1), .feeds(number: 2, feeds), nil], from: 128), resets: false)
        _ = try replica.apply(try articles(1...2), resets: false)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(2)])
        #expect(try replica.article(storyID(2).description).article.feeds == feeds)
        #expect(try replica.article(storyID(1).description).isRemoved)
    }

    @Test("an entry that could not be read is counted and skipped")
    func unreadable() throws {
        let summary = try replica.apply(try page([nil, .article(try article(1))]), resets: false)
        #expect(summary == CatalogSummary(added: 1, unreadable: 1))
    }

    @Test("articles and their short names translate into each other as far as the replica's own history names them")
    func directory() throws {
        _ = try replica.apply(try articles(1...2), resets: false)
        var reply = ExchangeReply(time: at(0), entries: [], cursor: .origin)
        reply.library = try library()
        _ = try replica.apply(reply, at: at(0))
        let names: [(publication: UInt32, number: UInt64)] = [(7, 2), (7, 50), (7, 51), (8, 2)]
        #expect(try replica.articles(named: names) == [storyID(2), nil, nil, nil])
        #expect(
            try replica.names(of: [storyID(50), storyID(1), storyID(9)]) == [
                nil, ArticleName(publication: 7, number: 1, id: storyID(1)), nil,
            ])
    }

    @Test("the library is replaced as a whole, and what articles refer to stays")
    func libraryIsReplaced() throws {
        _ = try replica.apply(try articles(1...2), resets: false)
        var reply = ExchangeReply(time: at(0), entries: [], cursor: .origin)
        reply.library = try library()
        reply.account = Account(version: "a1", name: "Reader", deliveries: [try name("daily"): .bounced])
        _ = try replica.apply(reply, at: at(0))
        let feed = try #require(try replica.feeds().first)
        #expect(feed.feed.title == "All")
        #expect(feed.publication?.title == "The Magazine")
        #expect(feed.articles == 2)
        #expect(feed.unread == 2)
        #expect(try replica.newsletters().first?.delivery == .bounced)
        #expect(try replica.consents().first?.isGiven == nil)
        #expect(try replica.syncState().libraryVersion == "l1")
        #expect(try replica.status().account == "Reader")
        reply.library = Library(version: "l2", publications: [], feeds: [], newsletters: [], wordings: [])
        _ = try replica.apply(reply, at: at(1))
        #expect(try replica.newsletters().isEmpty)
        #expect(try replica.feeds().map(\.articles) == [2])
    }

    @Test("a withdrawn article is not listed, keeps its marks, and is back with them when it is corrected")
    func withdrawnAndBack() throws {
        _ = try replica.apply(try articles(1...2), resets: false)
        _ = try replica.set(.saved(storyID(1), true), .note(storyID(1), "mine"), at: at(0))
        _ = try replica.apply(
            try page([.removed(number: 1), .feeds(number: 1, [try name("all"), try name("more")])], from: 2),
            resets: false)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(2)])
        let gone = try replica.article(storyID(1).description)
        #expect(gone.isRemoved && gone.article.bodyHTML.isEmpty && gone.note == "mine")
        _ = try replica.apply(try page([.article(try article(1, revision: 2))], from: 4), resets: false)
        #expect(Set(try replica.articleIDs(ArticleFilter())) == [storyID(1), storyID(2)])
        let back = try replica.article(storyID(1).description)
        #expect(!back.isRemoved && back.summary.isSaved && back.note == "mine")
        #expect(back.article.bodyText == "Body 1, revision 2")
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a consent under an older wording is shown as outdated")
    func outdatedConsent() throws {
        var reply = ExchangeReply(time: at(0), entries: [], cursor: .origin)
        reply.library = try library()
        _ = try replica.apply(reply, at: at(0))
        let wording = try #require(try replica.consents().first?.wording)
        let key = try #require(RegisterKey(.consent(try name("brandOffers")), .consent))
        _ = try replica.record([Edit(key, .consent(true, wording.terms(surface: "cli")))], at: at(1))
        var consent = try #require(try replica.consents().first)
        #expect(consent.isGiven == true)
        #expect(!consent.isOutdated)
        #expect(consent.isPending)
        reply.library?.wordings = [
            ConsentWording(
                purpose: try name("brandOffers"), version: "2", text: "Please?", policyVersion: "p",
                termsVersion: "t")
        ]
        _ = try replica.apply(reply, at: at(2))
        consent = try #require(try replica.consents().first)
        #expect(consent.isOutdated)
    }
}
