import AssetEngine
import CurlTransport
import FeedFormats
import Foundation
import SQLiteReplica
import SyncCore
import SyncPorts
import Synchronization
import SystemPorts
import Testing

/// A replica with articles that show pictures, and all that keeps them.
final class Shelf: Sendable {
    let folder: String
    let replica: Replica
    let clock = SetClock()

    init() throws {
        folder = NSTemporaryDirectory() + "/assets-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        replica = try Replica.create(at: folder + "/replica.sqlite", as: ReplicaID(rawValue: 1))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var assets: AssetFolder { AssetFolder(besideReplica: folder + "/replica.sqlite") }

    /// Adds articles, each with its pictures; the later in the list, the newer.
    func add(_ pictures: [[String]]) throws {
        let publication = try #require(EntityName("magazine"))
        let feed = try #require(EntityName("all"))
        let address = "https://magazine.example/all.xml"
        try replica.subscribe([
            FeedSubscription(feed: feed, publication: publication, title: "All", fetch: FetchRecord(url: address))
        ])
        var reading = FeedReading(
            publication: Publication(
                id: publication, number: 0, title: "Magazine", siteURL: "https://magazine.example"),
            feed: Feed(id: feed, publication: publication, title: "All", url: address))
        reading.articles = pictures.enumerated().map { index, urls in
            var article = Article(
                id: Self.id(index), publication: publication, number: 0, guid: "\(index)",
                headline: "Article \(index)", revision: 0, contentHash: Digest128(hashing: "\(index)\(urls)".utf8))
            article.published = WallTime(milliseconds: Int64(index) * 1_000)
            article.updated = WallTime(milliseconds: Int64(pictures.count + index) * 1_000)
            article.image = urls.first.map { LeadImage(url: $0) }
            article.bodyHTML = urls.dropFirst().map { "<p><img src=\"\($0)\"></p>" }.joined()
            return FeedArticle(article: article, aliases: [])
        }
        _ = try replica.apply(reading, fetch: FetchRecord(url: address), at: clock.now())
    }

    static func id(_ index: Int) -> ArticleID { ArticleID(publication: "magazine", guid: "\(index)") }

    /// Marks an article.
    func mark(_ edits: Edit?...) throws { _ = try replica.record(edits.compactMap { $0 }, at: clock.now()) }

    /// Keeps pictures as `sync` does.
    @discardableResult
    func keep(
        _ kept: KeptArticles = .all, budget: Int64? = nil, allowsPrivate: Bool = true
    ) async throws -> AssetReport {
        var configuration = CurlTransport.Configuration()
        if !allowsPrivate { configuration.refusesAddress = { !$0.isPublic } }
        return try await AssetRefresh(
            store: replica, folder: assets, transport: CurlTransport(configuration), clock: clock,
            random: SystemRandomSource(), lock: FileSyncLock(path: folder + "/lock"),
            executor: DispatchExecutor(label: "test"),
            finder: { ($0.leadImage.map { [$0] } ?? []) + HTMLPictures.addresses(in: $0.html, base: nil) }
        ).run(keeping: kept, budget: budget)
    }

    /// The bytes that are held for an address.
    func bytes(_ url: String) throws -> [UInt8]? {
        guard let held = try replica.asset(at: url) else { return nil }
        return try Array(Data(contentsOf: URL(filePath: assets.path(of: held.hash))))
    }

    /// The files, their folders left out.
    var files: [String] {
        let all = FileManager.default.enumerator(atPath: assets.path)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.utf8.count == 67 }.sorted()
    }
}

/// A clock that is set.
final class SetClock: WallClock {
    private let milliseconds = Mutex<Int64>(1_790_000_000_000)

    func now() -> WallTime { WallTime(milliseconds: milliseconds.withLock { $0 }) }

    func advance(by span: Int64) { milliseconds.withLock { $0 += span } }
}
