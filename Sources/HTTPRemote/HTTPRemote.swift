public import SyncCore
public import SyncPorts
public import SyncProtocol

/// Our own server, spoken to in protocol version 1 over HTTP.
public struct HTTPRemote: Remote {
    let endpoint: Endpoint
    let directory: any ArticleDirectory

    /// Makes a remote.
    ///
    /// - Parameters:
    ///   - baseURL: where the server is, without a path of the protocol; `http` or `https`.
    ///   - token: the device's token.
    ///   - transport: sends the requests.
    ///   - directory: knows the numbers of the articles that the replica holds.
    /// - Throws: ``RemoteError`` with code `notARemote` if `baseURL` is none.
    public init(
        baseURL: String, token: String, transport: any HTTPTransport, directory: any ArticleDirectory
    ) throws(RemoteError) {
        endpoint = try Endpoint(baseURL: baseURL, token: token, transport: transport)
        self.directory = directory
    }

    /// Everything: the protocol was made for it.
    public var capabilities: RemoteCapabilities { .full(pushLimit: Limits.pushChanges) }

    /// Whether a server is there, and which protocol versions it speaks.
    public func hello() async throws(RemoteError) -> HelloResponse {
        try await endpoint.get(Route.hello, as: HelloResponse.self)
    }

    /// Pushes and pulls. If the answer mentions an article that neither the replica nor the answer knows, it is
    /// asked for once more with all articles spelled out; pulling again changes nothing.
    ///
    /// Articles are named by number only where both sides have the same history, which alone says what the numbers
    /// mean: a server that was restored from a backup gives them anew.
    public func exchange(_ exchange: Exchange) async throws(RemoteError) -> ExchangeReply {
        let numbers = exchange.spellsArticles ? [:] : try references(of: exchange.push)
        var push = try wireChanges(of: exchange.push, reference: numbers)
        var names = exchange.spellsArticles
        var response: SyncResponse
        do {
            response = try await send(exchange, push: push, names: names)
        } catch {
            guard error.code == .catalogChanged, !numbers.isEmpty else { throw error }
            (push, names) = (try wireChanges(of: exchange.push, reference: [:]), true)
            response = try await send(exchange, push: push, names: names)
        }
        var resolver = try resolver(for: response)
        if !names, resolver.misses(in: response.entries.elements) {
            response = try await send(exchange, push: push, names: true)
            resolver = try self.resolver(for: response)
        }
        return try reply(to: exchange, from: response, resolver: resolver)
    }

    /// Fetches a tile or the tail and verifies its chain.
    public func catalogPage(_ request: CatalogRequest) async throws(RemoteError) -> CatalogPage {
        let path =
            request.to == nil
            ? Route.tail(
                publication: request.publication.text, generation: request.generation, from: request.from)
            : Route.tile(
                publication: request.publication.text, generation: request.generation,
                index: request.from / CatalogPage.tileSize)
        let body = try await endpoint.get(path)
        return try Endpoint.readable { () throws(WireError) in try CatalogLines.page(from: body) }
    }

    /// Fetches a page of all registers.
    public func snapshotPage(after: SnapshotToken?) async throws(RemoteError) -> SnapshotPage {
        let query = after.map { "?after=" + Endpoint.escaped($0.text) } ?? ""
        let response = try await endpoint.get(Route.snapshot + query, as: SnapshotResponse.self)
        let resolver = ArticleResolver(names: response.articles.map(\.name))
        let versions = response.versions.elements.compactMap { wire -> Version? in
            guard let change = wire.change.change(by: wire.author, resolve: resolver.article) else { return nil }
            return Version(change: change, position: .logged(wire.sequence), noteBase: wire.noteBase)
        }
        return SnapshotPage(
            cursor: response.cursor, versions: versions, next: response.next.map { SnapshotToken(text: $0) })
    }

    /// Asks which of the cursors is still good.
    public func commonCursor(of cursors: [StateCursor]) async throws(RemoteError) -> StateCursor {
        let request = CommonRequest(cursors: Array(cursors.prefix(Limits.commonCursors)))
        return try await endpoint.post(Route.common, request, as: CommonResponse.self).cursor
    }

    /// Offers entries again, in as many requests as their bytes need. Articles are named by identity: a restored
    /// server may have given their numbers to others.
    public func restore(_ offer: RestoreOffer) async throws(RemoteError) -> RestoreReply {
        var reply = RestoreReply(places: [], common: offer.common, head: offer.placed)
        var rest = offer.entries[...]
        while !rest.isEmpty {
            let entries = try piece(of: rest)
            let request = RestoreRequest(common: reply.common, entries: entries, placed: reply.head)
            let response = try await endpoint.post(Route.restore, request, as: RestoreResponse.self)
            guard response.places.count == entries.count,
                response.places.allSatisfy({ $0 <= Limits.maximumCount }),
                (response.renamed ?? []).allSatisfy({ entries.indices.contains($0) })
            else {
                throw RemoteError(.brokenAnswer, "the server did not say where each entry stands that was offered")
            }
            reply.renamed += (response.renamed ?? []).map { $0 + reply.places.count }
            reply.places += response.places
            reply.common = response.common
            reply.head = response.head
            rest = rest.dropFirst(entries.count)
        }
        return reply
    }
}
