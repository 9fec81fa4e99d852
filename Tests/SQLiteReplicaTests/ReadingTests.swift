import SyncCore
import Testing

@testable import SQLiteReplica

@Suite("What a full-screen reader asks a replica")
struct ReadingTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice(articles: 1...60) }

    @Test("handles name the articles of a list, in its order")
    func handles() throws {
        for filter in [ArticleFilter(), ArticleFilter(feed: try name("all")), ArticleFilter(section: "politics")] {
            let handles = try replica.handles(filter)
            let listed = try replica.listed(handles)
            #expect(handles.compactMap { listed[$0]?.summary.id } == (try replica.articleIDs(filter)))
            #expect(try replica.handles(filter, limit: 5) == Array(handles.prefix(5)))
        }
    }

    @Test("a listed article says how long its text is")
    func length() throws {
        let handle = try #require(try replica.handle(of: storyID(7)))
        let listed = try #require(try replica.listed([handle])[handle])
        #expect(listed.summary.id == storyID(7))
        #expect(listed.characters == "Body 7, revision 1".unicodeScalars.count)
        #expect(try replica.handle(of: storyID(999)) == nil)
    }

    @Test("of many articles, those that are unread are named")
    func unread() throws {
        _ = try replica.set(.read(storyID(2), true, by: .explicit), at: at(0))
        let handles = try replica.handles(ArticleFilter())
        #expect(try replica.unreadIDs(among: handles).count == 59)
        #expect(try !replica.unreadIDs(among: handles).contains(storyID(2)))
    }

    @Test("what there is to read is counted")
    func sources() throws {
        _ = try replica.set(
            .read(storyID(2), true, by: .explicit), .saved(storyID(4), true), .tag(storyID(4), try tag("x"), true),
            .tag(storyID(2), try tag("x"), true), at: at(0))
        let sources = try replica.sources()
        #expect((sources.articles, sources.unread, sources.saved, sources.corrected) == (60, 59, 1, 0))
        #expect(
            sources.sections.map { [$0.name, "\($0.articles)", "\($0.unread)"] } == [
                ["culture", "30", "30"], ["politics", "30", "29"],
            ])
        #expect(sources.tags == [ReadingSources.Named(name: "x", articles: 2, unread: 1)])
        #expect(sources.feeds == (try replica.feeds()))
        #expect(sources.pending == 0)
        try replica.setRemote("https://server.example/")
        #expect(try replica.sources().pending == 4)
    }

    @Test("another connection's change is noticed, one's own is not")
    func dataVersion() throws {
        let before = try replica.dataVersion()
        _ = try replica.set(.saved(storyID(4), true), at: at(0))
        #expect(try replica.dataVersion() == before)
        let other = try Replica(opening: folder.file())
        _ = try other.set(.saved(storyID(5), true), at: at(0))
        #expect(try replica.dataVersion() != before)
    }
}
