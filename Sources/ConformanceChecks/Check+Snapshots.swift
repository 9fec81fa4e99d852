import SyncCore
import SyncPorts
import SyncProtocol

/// All registers, by pages (§5).
extension Check {
    static let snapshots: [Check] = [
        Check("snapshot", "§5", "gives all versions of all registers as they are at one cursor") { talk in
            var (one, two) = (try await talk.replica(), try await talk.replica())
            let article = talk.article()
            // Both unseen by the other: two versions; a third that has seen both takes their place.
            let (first, second) = (
                try one.change(article, .saved, .flag(true), at: talk.time),
                try two.change(article, .saved, .flag(false), at: talk.time)
            )
            _ = try await talk.sync(&one, push: [first])
            var late = two
            _ = try await talk.sync(&late, push: [second])
            let before = try await talk.snapshot()
            let concurrent = before.versions(of: article)
            try require(concurrent.map(\.change.number) == [1, 1], "two concurrent versions are \(concurrent.count)")
            try require(before.cursor == late.cursor, "the snapshot's cursor is not the log's end")
            let third = try late.change(article, .saved, .flag(true), at: talk.time)
            _ = try await talk.sync(&late, push: [third])
            let after = try await talk.snapshot().versions(of: article)
            try require(after.map(\.sequence) == [late.cursor.sequence], "a version that was seen is still there")
        },
        Check("snapshot-pages", "§5, §9", "is of one state on all pages, whoever writes meanwhile") { talk in
            var writer = try await talk.replica()
            _ = try await talk.sync(&writer, push: (0..<700).map { _ in try talk.mark(&writer) })
            _ = try await talk.sync(&writer, push: (0..<700).map { _ in try talk.mark(&writer) })
            let first = try await talk.snapshotPage(nil)
            let next = try require(first.next, "1400 registers came on one page")
            let known = Set(first.versions.elements.map(\.change.entity))
            // What is on the first page changes, and what is still to come.
            var changes: [Change] = []
            for change in try (0..<700).map({ _ in try talk.mark(&writer) }) { changes.append(change) }
            _ = try await talk.sync(&writer, push: changes)
            var after: String? = next
            var all = first.versions.elements
            while let token = after {
                let page = try await talk.snapshotPage(token)
                try require(page.cursor == first.cursor, "a later page has another cursor")
                all += page.versions.elements
                after = page.next
            }
            try require(
                all.allSatisfy { $0.sequence <= first.cursor.sequence }, "a version from beyond the cursor is on a page"
            )
            try require(Set(all.map(\.sequence)).count == all.count, "a version is on two pages")
            try require(
                !known.isEmpty && first.versions.elements.count <= Limits.snapshotVersions, "a page is too long")
            let mine = all.filter { $0.author == writer.id }
            try require(mine.count == 1_400, "of 1400 registers \(mine.count) came")
        },
        Check("snapshot-tokens", "§5", "refuses a token that no page gave") { talk in
            for token in ["x", "1-2-3", String(repeating: "a", count: 2_000)] {
                try talk.expect(.malformed, try await talk.send("GET", Route.snapshot + "?after=" + token))
            }
        },
    ]
}

/// A snapshot, of all its pages.
struct WholeSnapshot {
    var cursor: StateCursor
    var versions: [WireVersion]
    var articles: [WireArticleName]

    /// Versions of what was said of an article, by their places.
    func versions(of entity: Entity) -> [WireVersion] {
        versions.filter { $0.change.entity.entity(resolve: resolve) == entity }.sorted { $0.sequence < $1.sequence }
    }

    private func resolve(_ publication: UInt32, _ number: UInt64) -> ArticleID? {
        articles.first { $0.publication == publication && $0.number == number }?.id
    }
}

extension Conversation {
    mutating func snapshotPage(_ after: String?, as credential: Credential = .own) async throws -> SnapshotResponse {
        let query = after.map { "?after=" + $0 } ?? ""
        let answer = try await send("GET", Route.snapshot + query, as: credential)
        let page = try read(answer, as: SnapshotResponse.self)
        try require(page.versions.failures.isEmpty, "unreadable: \(page.versions.failures.first.map { "\($0)" } ?? "")")
        return page
    }

    mutating func snapshot() async throws -> WholeSnapshot {
        var page = try await snapshotPage(nil)
        var whole = WholeSnapshot(cursor: page.cursor, versions: page.versions.elements, articles: page.articles)
        var tokens: Set<String> = []
        while let next = page.next {
            try require(tokens.insert(next).inserted, "two pages have the same next")
            page = try await snapshotPage(next)
            whole.versions += page.versions.elements
            whole.articles += page.articles
        }
        return whole
    }
}
