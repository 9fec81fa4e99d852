extension CurlTransport {
    /// What all requests of a transport share.
    public struct Configuration: Sendable {
        /// Most connections open at once, idle ones included; at least 1.
        public var maximumConnections: Int
        /// Most connections open to one host at once; at least 1.
        public var maximumConnectionsPerHost: Int
        /// Most time for name lookup, TCP and TLS together; the request's deadline holds as well.
        public var connectTimeout: Duration
        /// Most bytes of header section, interim answers and trailers included.
        public var maximumHeaderBytes: Int
        /// Sent as `User-Agent` unless the request has one.
        public var userAgent: String
        /// A PEM file of certificate authorities to trust in place of the system's.
        public var certificateAuthorityFile: String?
        /// Whether HTTP/2 is offered over TLS. Debian 12's libcurl 7.88.1 fails about one request in two thousand
        /// on connections that serve thousands (seen against Node, by `curl --parallel` alike), as
        /// ``TransportError/Code/brokenAnswer``.
        public var usesHTTP2: Bool
        /// Whether `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` of the environment are heeded.
        /// They never are beside ``refusesAddress``: behind a proxy the host's address is not seen.
        public var usesEnvironmentProxy: Bool
        /// Says for each address a host's name resolved to whether it must not be connected to. Asked on the
        /// transport's thread right before the connection is opened, so a name that changes its address in between
        /// gains nothing; it must return at once. `nil` refuses none.
        public var refusesAddress: (@Sendable (ResolvedAddress) -> Bool)?

        /// Makes a configuration; the defaults are 16 connections, 6 for a host, 10 s to connect and 256 KiB of
        /// header.
        public init(
            maximumConnections: Int = 16, maximumConnectionsPerHost: Int = 6,
            connectTimeout: Duration = .seconds(10), maximumHeaderBytes: Int = 256 << 10,
            userAgent: String = "reader-sync/0.1", certificateAuthorityFile: String? = nil,
            usesHTTP2: Bool = true, usesEnvironmentProxy: Bool = true,
            refusesAddress: (@Sendable (ResolvedAddress) -> Bool)? = nil
        ) {
            self.maximumConnections = maximumConnections
            self.maximumConnectionsPerHost = maximumConnectionsPerHost
            self.connectTimeout = connectTimeout
            self.maximumHeaderBytes = maximumHeaderBytes
            self.userAgent = userAgent
            self.certificateAuthorityFile = certificateAuthorityFile
            self.usesHTTP2 = usesHTTP2
            self.usesEnvironmentProxy = usesEnvironmentProxy
            self.refusesAddress = refusesAddress
        }
    }
}
