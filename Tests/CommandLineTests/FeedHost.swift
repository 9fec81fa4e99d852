import Foundation
import Glibc
import Synchronization
import Testing

/// A publisher's site on a free loopback port: gives what it holds under a path, knows validators, counts requests.
final class FeedHost: Sendable {
    struct Page: Sendable {
        var body: String
        var type = "application/rss+xml"
        var status = "200 OK"
        var headers: [String] = []
        /// What is sent in place of ``body``, if it is no text.
        var file: [UInt8]?
    }

    private struct State {
        var pages: [String: Page] = [:]
        var requests: [String] = []
    }

    let url: String
    private let descriptor: Int32
    private let state = Mutex(State())

    init(_ pages: [String: Page] = [:]) throws {
        (descriptor, url) = try Loopback.listen()
        state.withLock { $0.pages = pages }
        let descriptor = descriptor
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                guard let request = Self.request(connection) else {
                    close(connection)
                    continue
                }
                let answer = self?.answer(to: request) ?? []
                _ = answer.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                close(connection)
            }
        }
    }

    deinit { stop() }

    /// Goes away, as a network does.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Puts a page under a path.
    func publish(_ path: String, _ page: Page) { state.withLock { $0.pages[path] = page } }

    /// Puts a feed under a path.
    func publish(_ path: String, feed body: String) { publish(path, Page(body: body)) }

    /// The request heads so far.
    var requests: [String] { state.withLock { $0.requests } }

    private func answer(to request: String) -> [UInt8] {
        state.withLock { state in
            state.requests.append(request)
            let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? "/"
            guard let page = state.pages[path] else {
                return Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
            }
            let body = page.file ?? Array(page.body.utf8)
            let tag = "\"\(body.reduce(UInt64(5381)) { ($0 &* 33) ^ UInt64($1) })\""
            if request.contains("If-None-Match: \(tag)") {
                return Array("HTTP/1.1 304 Not Modified\r\nETag: \(tag)\r\nConnection: close\r\n\r\n".utf8)
            }
            let head =
                ["HTTP/1.1 \(page.status)", "Content-Type: \(page.type)", "ETag: \(tag)"] + page.headers + [
                    "Content-Length: \(body.count)", "Connection: close", "", "",
                ]
            return Array(head.joined(separator: "\r\n").utf8) + body
        }
    }

    private static func request(_ connection: Int32) -> String? {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !text.contains("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return text
    }

    /// A feed of this site with these items, each a guid and a headline.
    func rss(
        _ items: [(guid: String, headline: String)], title: String = "The Harbour Post", extra: String = ""
    ) -> String {
        let items = items.map { guid, headline in
            """
            <item><title>\(headline)</title><guid isPermaLink="false">\(guid)</guid>
            <link>http://harbour.example/\(guid)</link><pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate>
            <description>&lt;p&gt;About \(headline).&lt;/p&gt;</description></item>
            """
        }
        return """
            <?xml version="1.0"?><rss version="2.0"><channel><title>\(title)</title>
            <link>http://harbour.example/</link><description>Ships</description>\(extra)\(items.joined())</channel></rss>
            """
    }
}
