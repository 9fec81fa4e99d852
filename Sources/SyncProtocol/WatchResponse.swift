import SyncCore

/// The answer to `GET /v1/watch`.
public struct WatchResponse: Hashable, Sendable {
    /// Stands for all that a sync could bring; opaque. Another token means that a sync may bring something.
    public var token: String

    /// Makes an answer.
    public init(token: String) {
        self.token = token
    }
}

extension WatchResponse: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        token = try node.members().read("token")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { $0.member("token", token) }
    }
}
