import FeedFormats
import GRDB
import SyncCore
public import SyncPorts

import struct FoundationEssentials.Data

/// Reads publishers' feeds into the catalog. Each source stands for itself: one that cannot be read changes
/// nothing and stops no other, and within a source one bad entry is left out with a warning.
public struct FeedIngest: Sendable {
    let store: SQLiteServerStore
    let transport: any HTTPTransport
    let clock: any WallClock
    let random: any RandomSource

    /// Makes a reader of feeds.
    ///
    /// - Parameters:
    ///   - random: names the histories of new publications.
    public init(
        store: SQLiteServerStore, transport: any HTTPTransport, clock: any WallClock, random: any RandomSource
    ) {
        self.store = store
        self.transport = transport
        self.clock = clock
        self.random = random
    }

    /// Reads sources, and resolves what they say of each other's articles.
    ///
    /// - Returns: a report for each request, in order.
    public func ingest(_ requests: [IngestRequest]) async -> [IngestReport] {
        var documents: [Result<FeedDocument, IngestFailure>] = []
        for request in requests { documents.append(await read(request)) }
        // Articles are found by their pages over all sources, before any is written.
        var pages: [PageKey: ArticleID] = [:]
        for case .success(let document) in documents {
            for draft in document.drafts {
                guard let page = draft.page else { continue }
                pages[PageKey(publication: document.names.publication, page: page)] = draft.article.id
            }
        }
        var reports: [IngestReport] = []
        for (request, document) in zip(requests, documents) {
            switch document {
            case .success(let document): reports.append(write(document, request, pages))
            case .failure(let failure): reports.append(failure.report)
            }
        }
        return reports
    }

    private func write(
        _ document: FeedDocument, _ request: IngestRequest, _ pages: [PageKey: ArticleID]
    ) -> IngestReport {
        do {
            return try store.access("write the catalog") {
                try store.pool.write { db in
                    try CatalogWriter(
                        db: db, now: clock.now(), generation: random.next().hexDigits, pages: pages
                    ).write(document, request)
                }
            }
        } catch {
            return IngestFailure(request, error.description).report
        }
    }

    private func read(_ request: IngestRequest) async -> Result<FeedDocument, IngestFailure> {
        do {
            let fetched = request.isURL ? try await fetch(request) : try open(request)
            guard let fetched else {
                return .failure(IngestFailure(report: IngestReport(request.source, .notModified)))
            }
            let parsed = try FeedParser.parse(
                fetched.body, contentType: fetched.contentType, baseURL: fetched.effectiveURL)
            return .success(try FeedDocument(request, parsed, fetched))
        } catch {
            return .failure(IngestFailure(request, "\(error)"))
        }
    }
}

/// A source that gave nothing to write.
struct IngestFailure: Error {
    var report: IngestReport

    init(report: IngestReport) {
        self.report = report
    }

    init(_ request: IngestRequest, _ reason: String) {
        report = IngestReport(request.source, .failed)
        report.error = reason
    }
}

/// Where an article is found within its publication.
struct PageKey: Hashable {
    var publication: EntityName
    var page: String
}
