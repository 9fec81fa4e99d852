import CCurlShim
import Glibc
import SyncPorts

// What libcurl's codes mean to a person: each detail says what happened and what to do, and names the host and
// port at most.

extension TransportError {
    static func cancelled() -> TransportError { TransportError(.cancelled, "the request was cancelled") }

    static func closed() -> TransportError { TransportError(.cancelled, "the transport was closed") }

    static func timedOut(_ hop: Hop) -> TransportError {
        TransportError(
            .timedOut,
            "\(hop.url.authority) gave no complete answer within \(hop.allowance.shown); try again later")
    }

    static func tooManyRedirects(from hop: Hop, limit: Int) -> TransportError {
        TransportError(
            .tooManyRedirects,
            "\(hop.url.authority) redirects more than \(limit) times; check the URL, the server may send in circles"
        )
    }
}

/// A transfer that ended in an error, with what libcurl knows about it.
struct Failure {
    let code: CURLcode
    let exchange: Exchange
    let handle: EasyHandle

    var error: TransportError {
        let place = exchange.hop.url.authority
        if let stop = exchange.stop { return stopped(stop, place) }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return unresolved()
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: return unreachable(place)
        case CURLE_OPERATION_TIMEDOUT: return connectTimedOut(place)
        case CURLE_URL_MALFORMAT: return TransportError(.invalidURL, "libcurl cannot use the URL of \(place)")
        case CURLE_UNSUPPORTED_PROTOCOL where !hasConnected:
            return TransportError(
                .unavailable, "this libcurl cannot speak \(exchange.hop.url.scheme); install libcurl4")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            return TransportError(
                .brokenAnswer, "what answers at \(place) is not HTTP; check the address and the port")
        case CURLE_BAD_CONTENT_ENCODING:
            return TransportError(
                .brokenAnswer, "the answer of \(place) cannot be decompressed; try again later")
        case CURLE_OUT_OF_MEMORY where hasConnected && !exchange.head.isComplete:
            // How libcurl reports a header line above its own limit of 100 KB.
            return stopped(.headTooLarge, place)
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN:
            return TransportError(.unavailable, "libcurl cannot send the request: \(reason)")
        case CURLE_SSL_CONNECT_ERROR where handshakeWasCut: return broken(place)
        default: return isTLS ? insecure(place) : broken(place)
        }
    }

    private func stopped(_ stop: Exchange.Stop, _ place: String) -> TransportError {
        switch stop {
        case .headTooLarge:
            TransportError(.tooLarge, "the header of the answer of \(place) is larger than allowed")
        case .bodyUndecodable:
            TransportError(.brokenAnswer, "the answer of \(place) cannot be decompressed; try again later")
        case .bodyTooLarge, .redirectBodySkipped, .enough:
            TransportError(
                .tooLarge,
                "the answer of \(place) is larger than the \(exchange.hop.maximumBodyBytes) bytes allowed")
        }
    }

    private func unresolved() -> TransportError {
        TransportError(
            .unresolvedHost,
            "cannot find the address of \(exchange.hop.url.host)\(proxyNote): "
                + "check the name, and that this machine is online")
    }

    private func unreachable(_ place: String) -> TransportError {
        if let address = exchange.refusedAddress {
            return TransportError(
                .refusedAddress,
                "will not connect to \(place): it leads to \(address), an address this program must not reach"
            )
        }
        let cause =
            switch Int32(truncatingIfNeeded: ccurl_easy_get_long(handle.curl, CURLINFO_OS_ERRNO)) {
            case ECONNREFUSED: "nothing is listening there; is the server running?"
            case ENETUNREACH, EHOSTUNREACH, ENETDOWN: "no way leads there; is this machine online?"
            case let number where number != 0: "\(String(cString: strerror(number))); check the address"
            default: "the connection failed; check the address and the network"
            }
        return TransportError(.unreachable, "cannot reach \(place)\(proxyNote): \(cause)")
    }

    /// The deadline is the driver's own, so a timeout libcurl reports is that for connecting.
    private func connectTimedOut(_ place: String) -> TransportError {
        if !hasConnected, ccurl_easy_get_off(handle.curl, CURLINFO_NAMELOOKUP_TIME_T) == 0 {
            return TransportError(
                .unresolvedHost,
                "cannot find the address of \(exchange.hop.url.host): the name server does not answer; "
                    + "is this machine online?")
        }
        return TransportError(
            .unreachable,
            "cannot reach \(place)\(proxyNote): no answer to the attempt to connect; check the address and firewalls"
        )
    }

    private func insecure(_ place: String) -> TransportError {
        TransportError(
            .insecure,
            "no secure connection to \(place): \(reason); check the address, this machine's clock and its "
                + "certificate authorities")
    }

    private func broken(_ place: String) -> TransportError {
        TransportError(
            .brokenAnswer,
            "the connection to \(place) ended before the answer was complete (\(reason)); try again")
    }

    private var isTLS: Bool {
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_CLIENTCERT,
        ].contains(code)
    }

    /// A connection cut within the handshake is the network's doing and worth another try.
    private var handshakeWasCut: Bool {
        let text = handle.errorMessage
        return text.contains("SSL_ERROR_SYSCALL") || text.contains("reset by peer")
    }

    private var hasConnected: Bool {
        ccurl_easy_get_string(handle.curl, CURLINFO_PRIMARY_IP).map { $0[0] != 0 } ?? false
    }

    private var proxyNote: String {
        let names =
            exchange.hop.url.scheme == "https" ? ["https_proxy", "all_proxy"] : ["http_proxy", "all_proxy"]
        let name = names.first { name in getenv(name).map { $0[0] != 0 } ?? false }
        return name.map { " (by the proxy in \($0), if it applies)" } ?? ""
    }

    /// libcurl's own words, bounded and without control characters: a server may have had a part in them.
    private var reason: String {
        let detail = handle.errorMessage
        let text = detail.isEmpty ? ccurl_easy_strerror(code).map(String.init(cString:)) ?? "" : detail
        let kept = text.unicodeScalars.prefix(160).filter {
            $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value)
        }
        return String(String.UnicodeScalarView(kept))
    }
}

extension Duration {
    /// Whole milliseconds, rounded up and clamped to what libcurl and poll(2) take.
    var milliseconds: Int {
        guard self > .zero else { return 0 }
        guard self < .seconds(2_000_000) else { return 2_000_000_000 }
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Seconds for a person: `5 s`, `0.25 s`.
    fileprivate var shown: String {
        let count = milliseconds
        return count % 1000 == 0 ? "\(count / 1000) s" : "\(Double(count) / 1000) s"
    }
}
