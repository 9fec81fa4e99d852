import SQLiteReplica
import SyncCore
import Testing

@Suite("Marks of more articles than one transaction takes")
struct LargeMarkTests {
    private static let count = Replica.largestPart + 3

    /// A device that holds so many articles, and never had a server.
    private static func device() async throws -> Device {
        let device = try Device()
        try await device.done("init")
        let publication = try #require(EntityName("magazine"))
        let entries = (0..<count).map { number -> CatalogEntry? in
            let id = ArticleID(publication: publication.text, guid: "\(number)")
            var article = Article(
                id: id, publication: publication, number: UInt64(number + 1), guid: "\(number)",
                headline: "Headline \(number)", revision: 1, contentHash: Digest128(hashing: "\(number)".utf8))
            article.published = WallTime(milliseconds: 1_790_000_000_000 + Int64(number))
            return .article(article)
        }
        let page = CatalogPage(
            publication: publication, generation: "g", from: 0, entries: entries,
            hashes: (0...count).map { Digest128(hashing: "g\($0)".utf8) })
        let replica = try Replica(opening: device.replica)
        _ = try replica.apply(page, resets: false)
        try replica.close()
        return device
    }

    private static func unread(_ device: Device) async throws -> Int? {
        try await device.done("status", "--json").json()["unread"] as? Int
    }

    @Test("'read --all' is one command, taken back at once and done again at once")
    func all() async throws {
        let device = try await Self.device()
        #expect(try await device.done("read", "--all").output == "marked \(Self.count) articles read\n")
        #expect(try await device.done("undo", "--list", "--json").items().map { $0["changes"] as? Int } == [Self.count])
        #expect(try await device.done("undo", "--json").json()["recorded"] as? Int == Self.count)
        #expect(try await Self.unread(device) == Self.count)
        let undo = try #require(try await device.done("undo", "--list", "--json").items().first?["number"] as? Int)
        try await device.done("undo", String(undo))
        #expect(try await Self.unread(device) == 0)
    }

    @Test("'A' in the full-screen reader is one command too, for 'z' as for 'undo'")
    func reader() async throws {
        let device = try await Self.device()
        let screen = try TmuxScreen(device)
        try screen.type(line: "reader-sync read")
        try screen.wait("1/\(Self.count)")
        for isTakenBackInside in [true, false] {
            try screen.press("A")
            try screen.wait("Mark the \(Self.count) articles of this list read? y/n")
            try screen.press("y")
            try screen.wait("marked \(Self.count) articles read")
            let newest = try #require(try await device.done("undo", "--list", "--json").items().first)
            #expect(newest["changes"] as? Int == Self.count && newest["command"] as? String == "read: all of a list")
            if isTakenBackInside {
                try screen.press("z")
                try screen.wait("taken back")
            } else {
                try await device.done("undo")
            }
            #expect(try await Self.unread(device) == Self.count)
        }
    }
}
