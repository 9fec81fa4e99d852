import FeedFormats
import GRDB
import Glibc
import SyncCore
import SyncPorts

import struct FoundationEssentials.Data

extension FeedIngest {
    /// Fetches a feed if it changed since the last time.
    ///
    /// - Returns: `nil` if it did not.
    func fetch(_ request: IngestRequest) async throws -> FetchedFeed? {
        var headers = [
            HTTPHeader("Accept", "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5")
        ]
        if let source = try lastTime(request.source) {
            if let etag = source.etag { headers.append(HTTPHeader("If-None-Match", etag)) }
            if let date = source.lastModified { headers.append(HTTPHeader("If-Modified-Since", date)) }
        }
        let response = try await transport.send(
            HTTPRequest(
                url: request.source, headers: headers, maximumBodyBytes: FeedLimits.default.documentBytes,
                maximumRedirects: 5))
        if response.status == 304 {
            try touch(request.source)
            return nil
        }
        guard response.status == 200 else {
            throw ServerError(
                .source, "\(request.source) answered \(response.status)",
                remedy: response.status == 404 ? "check the URL" : "try again later")
        }
        return FetchedFeed(
            body: response.body, contentType: response.header("content-type"),
            effectiveURL: response.effectiveURL, etag: response.header("etag"),
            lastModified: response.header("last-modified"))
    }

    /// Reads a file whole, if it is one and not too large.
    func open(_ request: IngestRequest) throws -> FetchedFeed {
        let failure = { ServerError(.source, "\(request.source): \(String(cString: strerror(errno)))") }
        let descriptor = Glibc.open(request.source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ServerError(.source, "\(request.source) is not a file", remedy: "name a feed's file or URL")
        }
        var body = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while body.count <= FeedLimits.default.documentBytes {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            if count == 0 { break }
            body.append(contentsOf: buffer[..<count])
        }
        return FetchedFeed(body: body)
    }

    private func lastTime(_ url: String) throws -> (etag: String?, lastModified: String?)? {
        try store.pool.read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT etag, last_modified FROM feed_source WHERE url = ?", arguments: [url])
            return row.map { ($0[0], $0[1]) }
        }
    }

    private func touch(_ url: String) throws {
        try store.pool.write { db in
            try db.execute(
                sql: "UPDATE feed_source SET last_checked = ? WHERE url = ?",
                arguments: [clock.now().milliseconds, url])
        }
    }
}
