extension Route {
    /// What a server of protocol version 1 answers, each a method at a path: the operations of `Protocol/openapi.json`,
    /// by their `operationId`.
    public enum Operation: String, Hashable, Sendable, CaseIterable {
        /// Whether a server is there.
        case hello
        /// Waiting for news.
        case watch
        /// Push and pull.
        case sync
        /// All registers.
        case snapshot
        /// The search for a common cursor.
        case common
        /// Entries offered again.
        case restore
        /// A closed tile of a publication's history.
        case tile
        /// The open end of a publication's history.
        case tail

        /// The one method that the path answers.
        public var method: String {
            switch self {
            case .hello, .watch, .snapshot, .tile, .tail: "GET"
            case .sync, .common, .restore: "POST"
            }
        }

        /// The path, with the names of its variable segments in braces (RFC 6570 §1.2, level 1).
        public var template: String {
            switch self {
            case .hello: Route.hello
            case .watch: Route.watch
            case .sync: Route.sync
            case .snapshot: Route.snapshot
            case .common: Route.common
            case .restore: Route.restore
            case .tile: "/v1/publications/{publication}/{generation}/tiles/{index}"
            case .tail: "/v1/publications/{publication}/{generation}/tail"
            }
        }

        /// The operation whose path has no variable segments and is `path`.
        public init?(fixedPath path: String) {
            guard let found = Self.allCases.first(where: { $0.template == path }), !path.contains("{") else {
                return nil
            }
            self = found
        }
    }
}
