import CCurlShim
import SyncPorts

/// An `http` or `https` URL as libcurl reads it, so that what is checked is what is connected to.
struct RequestURL: Sendable, Equatable {
    /// Longest URL taken, in bytes.
    static let maximumBytes = 32 << 10

    /// The whole URL for libcurl; may hold credentials.
    let text: String
    /// The URL without credentials and fragment.
    let withoutCredentials: String
    let scheme: String
    /// In lower case; IPv6 in brackets.
    let host: String
    let port: String

    /// Host and port, as error messages show them: never credentials, path or query.
    var authority: String { "\(host):\(port)" }

    init(_ text: String) throws(TransportError) {
        guard !text.isEmpty else {
            throw TransportError(.invalidURL, "the URL is empty; give an http or https URL")
        }
        try self.init(parsing: text, base: nil, role: "the URL")
    }

    /// The target of a `Location` field (RFC 9110 §10.2.2), relative or absolute.
    func resolving(location: String) throws(TransportError) -> RequestURL {
        try RequestURL(parsing: location, base: text, role: "the redirect from \(authority)")
    }

    func hasSameOrigin(as other: RequestURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    private init(parsing text: String, base: String?, role: String) throws(TransportError) {
        // A C string would end at the NUL, and what follows it would be lost without a word.
        guard text.utf8.count <= Self.maximumBytes, !text.utf8.contains(0) else {
            throw TransportError(.invalidURL, "\(role) is longer than 32 KiB or holds a NUL byte")
        }
        guard let url = ccurl_url() else { throw TransportError(.unavailable, "out of memory for a URL") }
        defer { ccurl_url_cleanup(url) }
        // Blanks and bytes beyond ASCII are percent-encoded as browsers do, for servers and people write them.
        let flags = UInt32(CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_NON_SUPPORT_SCHEME)
        if let base, ccurl_url_set(url, CURLUPART_URL, base, flags) != CURLUE_OK {
            throw TransportError(.invalidURL, "\(role) has no base")
        }
        guard ccurl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: url)
        else {
            throw TransportError(
                .invalidURL, "\(role) is not a valid URL; give one like https://example.org/")
        }
        guard scheme == "http" || scheme == "https" else {
            let shown = scheme.prefix(20)
            throw TransportError(.invalidURL, "\(role) is a \(shown): URL; only http and https are allowed")
        }
        guard let host = Self.part(CURLUPART_HOST, of: url)?.lowercased(), !host.isEmpty,
            let port = Self.part(CURLUPART_PORT, of: url, UInt32(CURLU_DEFAULT_PORT)), port != "0"
        else { throw TransportError(.invalidURL, "\(role) names no host and port to connect to") }
        self.scheme = scheme
        self.host = host
        self.port = port
        _ = ccurl_url_set(url, CURLUPART_FRAGMENT, nil, 0)
        let whole = Self.part(CURLUPART_URL, of: url)
        for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS] {
            _ = ccurl_url_set(url, part, nil, 0)
        }
        guard let whole, let bare = Self.part(CURLUPART_URL, of: url) else {
            throw TransportError(
                .invalidURL, "\(role) is not a valid URL; give one like https://example.org/")
        }
        self.text = whole
        self.withoutCredentials = bare
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer, _ flags: UInt32 = 0) -> String? {
        guard let text = ccurl_url_get(url, part, flags) else { return nil }
        defer { ccurl_free(text) }
        return String(cString: text)
    }
}
