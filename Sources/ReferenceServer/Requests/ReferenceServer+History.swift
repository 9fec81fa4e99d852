import SyncCore
import SyncProtocol

import struct FoundationEssentials.Data

extension ReferenceServer {
    /// Most bytes of lines in a tail, so that it stays well under ``Limits/responseBytes``. A tile is held under
    /// it when its lines are written.
    static let historyBytes = 24 << 20

    /// `GET .../tiles/N` and `GET .../tail?from=`.
    func history(_ path: HistoryPath, _ request: ServerRequest) async throws -> ServerResponse {
        let size = CatalogPage.tileSize
        return try await store.read { view in
            _ = try view.authorize(request)
            guard let head = try view.catalog.heads().first(where: { $0.publication == path.publication })
            else {
                throw Problem(.notFound, "there is no publication '\(path.publication)'")
            }
            guard head.generation == path.generation else {
                throw Problem(.catalogChanged, "the history of '\(path.publication)' was begun anew")
            }
            switch path.piece {
            case .tile(let index):
                let from = index * size
                guard from + size <= head.count else { throw Self.beyond(head) }
                return try tile(head, from: from, request, in: view.catalog)
            case .tail:
                guard let from = request.parameter("from").flatMap({ UInt64($0) }) else {
                    throw Problem(.malformed, "from: give the index of the first line")
                }
                guard from <= head.count else { throw Self.beyond(head) }
                return try lines(head, from: from, to: min(head.count, from + size), in: view.catalog)
            }
        }
    }

    private static func beyond(_ head: CatalogHead) -> Problem {
        Problem(.catalogChanged, "the history of '\(head.publication)' has \(head.count) entries")
    }

    private func tile(
        _ head: CatalogHead, from: UInt64, _ request: ServerRequest, in catalog: any CatalogView
    ) throws -> ServerResponse {
        let end = try catalog.hash(of: head.publication, before: from + CatalogPage.tileSize)
        let tag = "\"\(end?.description ?? "")\""
        let cache = ["etag": tag, "cache-control": "public, max-age=31536000, immutable"]
        // A copy that was compressed on the way may carry a weak or a marked tag.
        if let held = request.headers["if-none-match"], held == "*" || held.contains(tag.dropLast()) {
            return ServerResponse(status: 304, headers: cache)
        }
        var response = try lines(head, from: from, to: from + CatalogPage.tileSize, in: catalog)
        response.headers.merge(cache) { $1 }
        return response
    }

    private func lines(
        _ head: CatalogHead, from: UInt64, to: UInt64, in catalog: any CatalogView
    ) throws -> ServerResponse {
        guard let start = try catalog.hash(of: head.publication, before: from) else {
            throw ServerError(.damaged, "line \(from) of '\(head.publication)' is missing")
        }
        var room = Self.historyBytes
        let all = try catalog.lines(of: head.publication, from: from, to: to)
        let lines = all.enumerated().prefix { index, line in
            room -= line.count
            return index == 0 || room >= 0
        }.map(\.element)
        let header = TileHeader(
            publication: head.publication, generation: head.generation, from: from, count: lines.count,
            start: start)
        return ServerResponse(
            headers: ["content-type": Route.lines, "cache-control": "no-store"],
            body: try CatalogLines.body(header, lines: lines))
    }
}
