import struct FoundationEssentials.Data
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit

/// The catalog as lines chained by hash (§5).
extension Check {
    static let history: [Check] = [
        Check("tail", "§5", "gives the newest lines, whose hashes end in the head's") { talk in
            let head = try await talk.longest(atLeast: 1)
            let page = try await talk.tail(head, from: head.count - min(head.count, CatalogPage.tileSize))
            try require(
                page.to == head.count && page.hashes.last == head.hash, "the chain does not end in the head's hash")
            let end = try await talk.tail(head, from: head.count)
            try require(end.entries.isEmpty && end.hashes == [head.hash], "a tail from the end is not empty")
        },
        Check("tiles", "§5", "gives closed tiles of 128 lines, chained from zeros to the next piece's start") { talk in
            let head = try await talk.longest(atLeast: CatalogPage.tileSize)
            var before = Digest128.zero
            let last = head.count / CatalogPage.tileSize
            for index in Set([0, last - 1]).sorted() {
                let page = try CatalogLines.page(from: try await talk.tile(head, index).body)
                try require(page.from == index * CatalogPage.tileSize, "tile \(index) begins at \(page.from)")
                try require(
                    UInt64(page.entries.count) == CatalogPage.tileSize, "tile \(index) has \(page.entries.count) lines")
                if index == 0 { try require(page.hashes.first == before, "the history's first hash is not zeros") }
                before = page.hashes.last ?? .zero
            }
            let rest = try await talk.tail(head, from: last * CatalogPage.tileSize)
            try require(rest.hashes.first == before, "the piece behind a tile starts with another hash")
        },
        Check("tiles-cached", "§5", "gives a tile for ever the same, and says so; 304 to who has it") { talk in
            let head = try await talk.longest(atLeast: CatalogPage.tileSize)
            let (one, two) = (try await talk.tile(head, 0), try await talk.tile(head, 0))
            try require(one.body == two.body, "two answers differ")
            try require(one.header("cache-control")?.contains("immutable") ?? false, "Cache-Control is not immutable")
            let tag = try require(one.header("etag"), "a tile has no ETag")
            let held = try await talk.send(
                "GET", Route.tile(publication: head.publication.text, generation: head.generation, index: 0),
                [HTTPHeader("If-None-Match", tag)])
            try require(held.status == 304 && held.body.isEmpty, "If-None-Match with its own ETag: \(held.status)")
            let other = try await talk.send(
                "GET", Route.tile(publication: head.publication.text, generation: head.generation, index: 0),
                [HTTPHeader("If-None-Match", "\"none-of-these\"")])
            try require(
                other.status == 200 && other.body == one.body, "If-None-Match with another ETag: \(other.status)")
        },
        Check("history-elsewhere", "§5", "tells of a tile that is not closed, another history, no publication") {
            talk in
            let head = try await talk.longest(atLeast: 1)
            let (id, generation) = (head.publication.text, head.generation)
            let open = Route.tile(publication: id, generation: generation, index: head.count / CatalogPage.tileSize)
            for path in [
                open, Route.tile(publication: id, generation: generation + "0", index: 0),
                Route.tail(publication: id, generation: generation, from: head.count + 1),
            ] {
                try talk.expect(.catalogChanged, try await talk.send("GET", path))
            }
            let none = Route.tile(publication: "none-\(talk.random.next())", generation: generation, index: 0)
            try talk.expect(.notFound, try await talk.send("GET", none))
            let bad = Route.tail(publication: id, generation: generation, from: 0).replacing("from=0", with: "from=x")
            try talk.expect(.malformed, try await talk.send("GET", bad))
        },
        Check("inline", "§5, §9", "brings short news of a history inside a sync, fitting what is held") { talk in
            let head = try await talk.longest(atLeast: 3)
            let page = try await talk.tail(head, from: head.count - 2)
            let held = CatalogHead(
                publication: head.publication, generation: head.generation, count: page.from,
                hash: page.hashes.first ?? .zero)
            var replica = try await talk.replica()
            let answer = try await talk.sync(&replica, catalog: [held])
            try require(answer.heads.contains(head), "the head of a history that grew is not told")
            let tail = try require(
                answer.tails.first { $0.publication == head.publication }, "two missing lines do not come inline")
            try require(try CatalogLines.page(from: tail) == page, "they are not the lines of the history")
            // Another history's hash: the lines would not fit.
            var foreign = held
            foreign.hash = Digest128(high: 1, low: 2)
            let other = try await talk.sync(&replica, catalog: [foreign])
            try require(!other.tails.contains { $0.publication == head.publication }, "lines come that do not fit")
        },
        Check("numbers", "§5", "takes marks by articles' numbers, as columns, from who holds the history") { talk in
            let head = try await talk.longest(atLeast: 4)
            var (author, reader) = (try await talk.replica(), try await talk.replica())
            let push = try await talk.numbered(5, of: head, by: &author)
            var foreign = head
            foreign.hash = Digest128(high: 1, low: 2)
            try talk.expect(
                .catalogChanged, try await talk.post(Route.sync, author.request(push, catalog: [foreign])))
            let request = author.request(push, catalog: [head])
            try require(try JSONValue(request)["marks"] != .null, "the check sends no columns")
            let answer = try talk.read(try await talk.post(Route.sync, request), as: SyncResponse.self)
            try require(answer.refused.isEmpty, "refused: \(answer.refused)")
            try require(answer.entries.elements.map(\.own) == [1, 2, 3, 4, 5], "columns were not taken row by row")
            var asking = reader.request(catalog: [head], names: true)
            asking.names = true
            let pulled = try talk.read(try await talk.post(Route.sync, asking), as: SyncResponse.self)
            let names = try require(pulled.articles, "names was true, and articles is absent")
            let ids = pulled.entries.elements.compactMap { entry in
                entry.whole?.change.entity.entity { publication, number in
                    names.first { $0.publication == publication && $0.number == number }?.id
                }
            }
            try require(ids.count == 5, "a number is not among the names")
            reader.cursor = pulled.cursor
            talk.head = pulled.cursor
        },
        Check("columns-refused", "§5", "refuses columns that do not fit together, whole") { talk in
            let head = try await talk.longest(atLeast: 4)
            var author = try await talk.replica()
            let push = try await talk.numbered(4, of: head, by: &author)
            let request = try JSONValue(author.request(push, catalog: [head]))
            let marks = request["marks"]
            let broken = [
                marks.setting("value", .array([.integer(1)])),
                marks.setting("kind", .array(.init(repeating: .integer(9), count: 4))),
                marks.setting("seen", nil),
                marks.setting("counter", .array(.init(repeating: .integer(65_536), count: 4))),
            ]
            for columns in broken {
                try talk.expect(.malformed, try await talk.post(Route.sync, request.setting("marks", columns)))
            }
            try await nothingCame(&talk, after: author.cursor)
        },
    ]
}

extension Conversation {
    /// The longest history that the server has.
    mutating func longest(atLeast count: UInt64) async throws -> CatalogHead {
        var replica = try await replica()
        let heads = try await sync(&replica).heads
        guard let longest = heads.max(by: { $0.count < $1.count }), longest.count >= count else {
            throw CheckEnd.notTested("no publication has \(count) lines of history")
        }
        return longest
    }

    mutating func tail(_ head: CatalogHead, from index: UInt64) async throws -> CatalogPage {
        let path = Route.tail(publication: head.publication.text, generation: head.generation, from: index)
        let answer = try await send("GET", path)
        try require(answer.status == 200, "the tail from \(index): \(answer.status)")
        return try CatalogLines.page(from: answer.body)
    }

    mutating func tile(_ head: CatalogHead, _ index: UInt64) async throws -> HTTPResponse {
        let path = Route.tile(publication: head.publication.text, generation: head.generation, index: index)
        let answer = try await send("GET", path)
        try require(answer.status == 200, "tile \(index): \(answer.status)")
        return answer
    }

    /// Marks of articles that a history names, by their numbers.
    mutating func numbered(_ count: Int, of head: CatalogHead, by author: inout Replica) async throws -> [WireChange] {
        let page = try await tail(head, from: head.count - min(head.count, CatalogPage.tileSize))
        let numbers = page.entries.compactMap { entry -> (ArticleID, UInt64)? in
            if case .article(let article) = entry { (article.id, article.number) } else { nil }
        }
        var replica = try await replica()
        let library = try await sync(&replica).library
        guard let publication = library?.publications.first(where: { $0.id == head.publication }),
            let first = numbers.first
        else { throw CheckEnd.notTested("the newest lines of '\(head.publication)' have no article") }
        return try (0..<count).map { index in
            let (id, number) = numbers.count > index ? numbers[index] : first
            let change = try author.change(.article(id), .read, .read(index % 2 == 0, by: .explicit), at: time)
            return WireChange(change, reference: { _ in .number(publication: publication.number, article: number) })
        }
    }
}
