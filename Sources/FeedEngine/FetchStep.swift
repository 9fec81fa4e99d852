import FeedFormats
import FeedSession
import SyncCore
import SyncPorts

import struct FoundationEssentials.Data

/// One request of a fetch, and what came of it. Runs in a task of its own, parsing included.
struct FetchStep: Sendable {
    /// What a step came to.
    enum Outcome: Sendable {
        /// The fetch goes on with another request.
        case next(FetchJob)
        /// The fetch is over.
        case done(FeedFetch)
    }

    /// A document that is no feed, but may name some.
    struct Page: Sendable {
        var body: Data
        var contentType: String?
        var url: String
    }

    /// What it came to.
    private(set) var outcome: Outcome
    /// The position of the feed.
    let position: Int
    /// The host that was asked.
    let host: String
    /// Until when that host wants to be left alone.
    private(set) var pausedUntil: WallTime?
    /// Why no answer came, if none did.
    private(set) var transportCode: TransportError.Code?
    /// What was made of the feed, if it was read.
    private(set) var reading: FeedReading?
    /// The document, if it was no feed.
    private(set) var page: Page?

    /// Sends the request of a job.
    init(_ job: FetchJob, _ fetcher: FeedFetcher, _ prepare: FeedFetcher.Preparation? = nil) async {
        self.position = job.position
        host = job.host
        outcome = .done(.postponed(until: job.session.record.due))
        var job = job
        var draw = RandomDraw(fetcher.random)
        let start = ContinuousClock.now
        do throws(TransportError) {
            let response = try await fetcher.transport.send(fetcher.httpRequest(job))
            job.left -= ContinuousClock.now - start
            let answer = FetchAnswer(response)
            let action = job.session.take(answer, at: fetcher.clock.now(), using: &draw)
            if case .parse(let base) = action {
                parse(response, base, job, fetcher, &draw)
            } else {
                conclude(action, job)
            }
            if let prepare, case .done(.read(let parsed, let record)) = outcome {
                reading = prepare(position, parsed, record)
            }
        } catch {
            transportCode = error.code
            let action = job.session.take(FetchFailure(error), at: fetcher.clock.now(), using: &draw)
            conclude(action, job)
        }
    }

    private mutating func conclude(_ action: FetchSession.Action, _ job: FetchJob) {
        var job = job
        switch action {
        case .get(let request):
            job.request = request
            outcome = .next(job)
        case .unchanged(let record): outcome = .done(.unchanged(record))
        case .postponed(let until): outcome = .done(.postponed(until: until))
        case .parse: break
        case .failed(let failure, let record):
            pausedUntil = record.pausedUntil
            outcome = .done(.failed(failure, record))
        }
    }

    private mutating func parse(
        _ response: HTTPResponse, _ base: String, _ job: FetchJob, _ fetcher: FeedFetcher, _ draw: inout RandomDraw
    ) {
        var session = job.session
        let contentType = response.header("content-type")
        do throws(FeedError) {
            let (start, most) = (ContinuousClock.now, fetcher.limits.parsing)
            let parsed = try FeedParser.parse(
                response.body, contentType: contentType, baseURL: base, limits: fetcher.limits.document
            ) { Task.isCancelled || ContinuousClock.now - start > most }
            // What was read of it when the person gave up is no reading of the feed.
            guard !Task.isCancelled else {
                outcome = .done(.failed(.cancelled, job.session.record))
                return
            }
            outcome = .done(.read(parsed, session.take(parsed, at: fetcher.clock.now(), using: &draw)))
        } catch {
            if error.code == .notAFeed { page = Page(body: response.body, contentType: contentType, url: base) }
            let failure = FetchFailure(error, contentType: contentType)
            let action = session.take(failure, at: fetcher.clock.now(), using: &draw)
            conclude(action, job)
        }
    }
}

extension FeedFetcher {
    /// What a job asks for, as the transport takes it. The session follows redirects, so the transport must not.
    func httpRequest(_ job: FetchJob) -> HTTPRequest {
        var headers = [
            HTTPHeader(
                "Accept",
                "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
                    + "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5")
        ]
        if let etag = job.request.etag { headers.append(HTTPHeader("If-None-Match", etag)) }
        if let date = job.request.lastModified { headers.append(HTTPHeader("If-Modified-Since", date)) }
        return HTTPRequest(
            url: job.request.url, headers: headers, maximumBodyBytes: limits.document.documentBytes,
            deadline: max(job.left, .zero), maximumRedirects: 0)
    }
}

extension FetchAnswer {
    /// The head of a transport's answer. Only a body that may be a feed is worth its digest.
    init(_ response: HTTPResponse) {
        var headers: [String: String] = [:]
        for field in response.headers {
            let name = field.name.lowercased()
            if headers[name] == nil { headers[name] = field.value }
        }
        let hasBody = response.status == 200 || response.status == 203
        self.init(
            status: response.status, headers: headers,
            bodyDigest: hasBody ? Digest128(hashing: response.body) : .zero)
    }
}
