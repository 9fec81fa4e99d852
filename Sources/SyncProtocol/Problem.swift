/// The body of an error (RFC 9457): `type` is `urn:reader-sync:problem:CODE`.
public struct Problem: Hashable, Sendable, Error {
    /// The errors of protocol version 1.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// 400: the request is not one of the protocol's.
        case malformed
        /// 401: no token, or a wrong or revoked one.
        case unauthorized
        /// 404: no such path.
        case notFound = "not_found"
        /// 405: the path has no such method.
        case methodNotAllowed = "method_not_allowed"
        /// 409: the log is not the one the cursor belongs to.
        case prefixMismatch = "prefix_mismatch"
        /// 409: another machine uses this replica's identity.
        case replicaForked = "replica_forked"
        /// 409: a number is missing before a pushed one.
        case numberGap = "number_gap"
        /// 409: the history is not the one that was asked for.
        case catalogChanged = "catalog_changed"
        /// 410: the cursor is older than the log's floor.
        case cursorExpired = "cursor_expired"
        /// 413: the body is larger than a limit.
        case tooLarge = "too_large"
        /// 415: the body's media type or encoding is not known here.
        case unsupportedMedia = "unsupported_media"
        /// 422: a list is longer than a limit.
        case overLimit = "over_limit"
        /// 426: the request's protocol version is not spoken here.
        case versionMismatch = "version_mismatch"
        /// 500: the server failed; nothing was changed.
        case failed
        /// 503: come back later.
        case busy

        /// The HTTP status that goes with the code.
        public var status: Int {
            switch self {
            case .malformed: 400
            case .unauthorized: 401
            case .notFound: 404
            case .methodNotAllowed: 405
            case .prefixMismatch, .replicaForked, .numberGap, .catalogChanged: 409
            case .cursorExpired: 410
            case .tooLarge: 413
            case .unsupportedMedia: 415
            case .overLimit: 422
            case .versionMismatch: 426
            case .failed: 500
            case .busy: 503
            }
        }
    }

    /// `urn:reader-sync:problem:CODE`.
    public var type: String
    /// The code in words.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What is wrong this time.
    public var detail: String

    static let prefix = "urn:reader-sync:problem:"

    /// Makes a problem.
    public init(_ code: Code, _ detail: String) {
        type = Self.prefix + code.rawValue
        title = code.rawValue.split(separator: "_").joined(separator: " ")
        status = code.status
        self.detail = detail
    }

    /// The code; `nil` for one of a later version.
    public var code: Code? {
        type.hasPrefix(Self.prefix) ? Code(rawValue: String(type.dropFirst(Self.prefix.count))) : nil
    }
}

extension Problem: WireMessage {
    /// Reads a problem.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        type = try members.read("type")
        title = try members.read("title")
        status = try members.read("status")
        detail = try members.read("detail")
    }

    /// Writes a problem.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("detail", detail)
            writer.member("status", status)
            writer.member("title", title)
            writer.member("type", type)
        }
    }
}
