import SyncCore
public import SyncPorts
public import SyncProtocol

/// Answers the requests of protocol version 1 over a store: a request goes in, an answer comes out. Knows neither
/// sockets nor SQL, and keeps nothing between requests but who waits for news, so that any number of them may run at once.
public struct ReferenceServer: Sendable {
    let store: any ServerStore
    let clock: any WallClock
    let pages: Pages
    let onFailure: @Sendable (any Error) -> Void
    /// Where requests wait for news; `nil`: none may.
    public let room: WatchRoom?

    /// How much an answer holds at most. Clients go on asking, whatever it is.
    public struct Pages: Sendable, Hashable {
        /// Entries of the log, 1 and up.
        public var entries: Int
        /// Versions of a snapshot, but for one register that has more, 1 and up.
        public var versions: Int

        /// Makes them; the protocol's own limits if nothing is said.
        public init(entries: Int = Limits.pageEntries, versions: Int = Limits.snapshotVersions) {
            self.entries = max(1, min(entries, Limits.pageEntries))
            self.versions = max(1, min(versions, Limits.snapshotVersions))
        }
    }

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - pages: how much an answer holds.
    ///   - room: where requests wait for news; `nil`: none may, and clients ask from time to time.
    ///   - onFailure: told of every error that became a 500; the reader is told nothing of it.
    public init(
        store: any ServerStore, clock: any WallClock, pages: Pages = Pages(), room: WatchRoom? = nil,
        onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.store = store
        self.clock = clock
        self.pages = pages
        self.room = room
        self.onFailure = onFailure
    }

    /// The answer to a request. Never throws: what goes wrong becomes a problem (RFC 9457).
    /// It is compressed if the request takes that and the answer is worth it.
    public func respond(to request: ServerRequest) async -> ServerResponse {
        Compression.applied(to: await answer(request), accept: request.headers["accept-encoding"])
    }

    private func answer(_ request: ServerRequest) async -> ServerResponse {
        do {
            return try await route(try Compression.undone(in: request))
        } catch let problem as Problem {
            var response = ServerResponse(problem)
            // RFC 9110 §12.5.3.
            if problem.code == .unsupportedMedia { response.headers["accept-encoding"] = "gzip" }
            return response
        } catch let wrong as WrongMethod {
            var response = ServerResponse(
                Problem(.methodNotAllowed, "this path answers \(wrong.allowed) only"))
            response.headers["allow"] = wrong.allowed
            return response
        } catch let error as WireError {
            return ServerResponse(Problem(.malformed, error.description))
        } catch {
            // A client that went away is told nothing; what it asked for was undone.
            if error is CancellationError || BusyStore.isReason(for: error) {
                return ServerResponse(Problem(.busy, "the server is busy; nothing was changed"))
            }
            onFailure(error)
            return ServerResponse(Problem(.failed, "the server failed; nothing was changed"))
        }
    }

    /// Every operation of ``Route/Operation`` is answered here, and nothing else is.
    private func route(_ request: ServerRequest) async throws -> ServerResponse {
        if let path = HistoryPath(request.path) {
            try allow(path.operation.method, request)
            return try await history(path, request)
        }
        guard let operation = Route.Operation(fixedPath: request.path) else { throw Self.nothingHere }
        try allow(operation.method, request)
        switch operation {
        case .hello:
            return try ServerResponse.json(
                HelloResponse(protocols: [Limits.protocolVersion], time: clock.now()))
        case .watch: return try await watch(request)
        case .sync: return try await sync(request)
        case .snapshot: return try await snapshot(request)
        case .common: return try await common(request)
        case .restore: return try await restore(request)
        // Their paths have variable segments.
        case .tile, .tail: throw Self.nothingHere
        }
    }

    private static var nothingHere: Problem { Problem(.notFound, "there is nothing at this path") }

    private func allow(_ method: String, _ request: ServerRequest) throws {
        guard request.method == method else { throw WrongMethod(allowed: method) }
        guard method == "POST" else { return }
        guard request.body.count <= Limits.requestBytes else {
            throw Problem(.tooLarge, "a request has at most \(Limits.requestBytes) bytes")
        }
        if let type = request.headers["content-type"],
            type.prefix(while: { $0 != ";" }).lowercased().trimmingSpaces != Route.json
        {
            throw Problem(.unsupportedMedia, "send the body as \(Route.json)")
        }
    }
}

/// A request with a method that its path does not have.
private struct WrongMethod: Error {
    var allowed: String
}

extension String {
    /// The text without spaces at either end.
    fileprivate var trimmingSpaces: Substring {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return text.drop { $0 == " " }
    }
}
