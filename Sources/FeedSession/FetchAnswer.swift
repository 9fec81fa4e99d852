public import SyncCore

/// What a session wants to be asked for.
public struct FetchRequest: Sendable, Hashable {
    /// An absolute `http` or `https` address.
    public var url: String
    /// Sent as `If-None-Match`.
    public var etag: String?
    /// Sent as `If-Modified-Since`.
    public var lastModified: String?

    /// Makes a request.
    public init(url: String, etag: String? = nil, lastModified: String? = nil) {
        self.url = url
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// The head of an answer, as far as a fetch depends on it.
public struct FetchAnswer: Sendable, Hashable {
    /// The status code, 100...599.
    public var status: Int
    /// Header fields, names in small letters; of several with one name the first counts.
    public var headers: [String: String]
    /// The digest of the body after decompression.
    public var bodyDigest: Digest128

    /// Makes an answer.
    public init(status: Int, headers: [String: String], bodyDigest: Digest128) {
        self.status = status
        self.headers = headers
        self.bodyDigest = bodyDigest
    }
}

/// Why a fetch brought no feed.
public struct FetchFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds, by what can be done about them.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// No way to the server: the network, the name, the certificate.
        case unreachable
        /// The server refuses: 401, 403, 404, 429, 5xx and the like.
        case refused
        /// 410: the feed is gone for good.
        case gone
        /// The address, or one that it redirects to, must not be asked: a loop, a private address, another scheme.
        case forbidden
        /// The document is no feed, or too large.
        case unreadable
        /// The task was cancelled.
        case cancelled
    }

    /// The kind.
    public var code: Code
    /// What happened, in a sentence.
    public var detail: String
    /// What the person can do, in a sentence; empty if nothing.
    public var remedy: String

    /// Makes a failure.
    public init(_ code: Code, _ detail: String, remedy: String = "") {
        self.code = code
        self.detail = detail
        self.remedy = remedy
    }

    /// Detail and remedy.
    public var description: String { remedy.isEmpty ? detail : detail + "; " + remedy }
}
