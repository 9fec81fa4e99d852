import CCurlShim
import SyncPorts

import struct FoundationEssentials.Data

/// A libcurl easy handle with the memory its options point to. Used again and again: a fresh one costs more.
/// Lives on the loop's thread alone.
final class EasyHandle {
    let curl: UnsafeMutableRawPointer
    private let message: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?

    init() throws(TransportError) {
        guard let curl = ccurl_easy_init() else {
            throw TransportError(.unavailable, "out of memory for a request")
        }
        self.curl = curl
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        ccurl_easy_cleanup(curl)
        ccurl_slist_free_all(headerList)
        message.deallocate()
    }

    /// What libcurl says about the failure beyond its code; empty when nothing.
    var errorMessage: String { String(cString: message) }

    /// Forgets the request; connections stay with the multi handle.
    func reset() {
        ccurl_easy_reset(curl)
        ccurl_slist_free_all(headerList)
        headerList = nil
        message[0] = 0
    }

    /// Sets the handle up for the exchange, which must outlive the transfer.
    func prepare(_ exchange: Exchange, _ configuration: CurlTransport.Configuration) throws(TransportError) {
        try set(CURLOPT_ERRORBUFFER, pointer: message)
        try set(CURLOPT_URL, exchange.hop.url.text)
        try setLimits(configuration, isSecure: exchange.hop.url.scheme == "https")
        try setMethod(exchange.hop)
        try setHeaders(exchange.hop)
        let context = Unmanaged.passUnretained(exchange).toOpaque()
        try set(CURLOPT_HEADERDATA, pointer: context)
        try set(CURLOPT_WRITEDATA, pointer: context)
        try set(CURLOPT_OPENSOCKETDATA, pointer: context)
        try check(ccurl_easy_set_data_callback(curl, CURLOPT_HEADERFUNCTION, receiveHeader))
        try check(ccurl_easy_set_data_callback(curl, CURLOPT_WRITEFUNCTION, receiveBody))
        try check(ccurl_easy_set_open_socket(curl, openSocket))
    }

    private func setLimits(_ configuration: CurlTransport.Configuration, isSecure: Bool)
        throws(TransportError)
    {
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_NETRC, 0)
        try set(CURLOPT_HTTP09_ALLOWED, 0)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(
            CURLOPT_HTTP_VERSION, configuration.usesHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        // Whether a TLS host speaks HTTP/2 is worth waiting for: one connection then serves all.
        try set(CURLOPT_PIPEWAIT, isSecure && configuration.usesHTTP2 ? 1 : 0)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeout.milliseconds))
        // Without it a cancelled name lookup holds up the whole loop until the resolver gives up. Since 7.87; an
        // older library only loses this.
        _ = ccurl_easy_set_long(curl, CURLOPT_QUICK_EXIT, 1)
        if let file = configuration.certificateAuthorityFile { try set(CURLOPT_CAINFO, file) }
        if !configuration.usesEnvironmentProxy || configuration.refusesAddress != nil {
            try set(CURLOPT_PROXY, "")
        }
    }

    private func setMethod(_ hop: Hop) throws(TransportError) {
        if hop.method == "HEAD" { return try set(CURLOPT_NOBODY, 1) }
        if hop.body != nil || hop.method == "POST" {
            let body = hop.body ?? Data()
            try set(CURLOPT_POST, 1)
            try check(ccurl_easy_set_off(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            try body.isEmpty
                ? set(CURLOPT_COPYPOSTFIELDS, "")
                : check(
                    body.withUnsafeBytes {
                        ccurl_easy_set_pointer(
                            curl, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
                    })
            if hop.method != "POST" { try set(CURLOPT_CUSTOMREQUEST, hop.method) }
        } else {
            try set(CURLOPT_HTTPGET, 1)
            if hop.method != "GET" { try set(CURLOPT_CUSTOMREQUEST, hop.method) }
        }
    }

    private func setHeaders(_ hop: Hop) throws(TransportError) {
        // libcurl reads "Name;" as an empty field and "Name:" as one not to send. It would add an Expect, which
        // costs a second with servers that do not know it, and a form's Content-Type.
        var lines = hop.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        lines.append("Expect:")
        if !hop.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        let codings = BodyDecoder.acceptedCodings
        if !codings.isEmpty, !hop.headers.contains(where: { $0.name.lowercased() == "accept-encoding" }) {
            lines.append("Accept-Encoding: \(codings)")
        }
        for line in lines {
            guard let longer = ccurl_slist_append(headerList, line) else {
                throw TransportError(.unavailable, "out of memory for a header field")
            }
            headerList = longer
        }
        try set(CURLOPT_HTTPHEADER, pointer: headerList)
    }

    private func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(ccurl_easy_set_long(curl, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(TransportError) {
        try check(ccurl_easy_set_string(curl, option, value))
    }

    private func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) throws(TransportError) {
        try check(ccurl_easy_set_pointer(curl, option, pointer))
    }

    private func check(_ code: CURLcode) throws(TransportError) {
        guard code != CURLE_OK else { return }
        let reason = ccurl_easy_strerror(code).map(String.init(cString:)) ?? "error \(code.rawValue)"
        throw TransportError(
            .unavailable, "libcurl does not take a setting (\(reason)); install libcurl4 7.85 or newer")
    }
}

private func exchange(_ context: UnsafeMutableRawPointer) -> Exchange {
    Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
}

// Any return value other than the number of bytes given ends the transfer.

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return -1 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return exchange(context).takeHeader(line) ? line.count : -1
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return -1 }
    let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return exchange(context).takeBody(chunk) ? chunk.count : -1
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let address else { return CURL_SOCKET_BAD }
    return exchange(context).openSocket(address)
}
