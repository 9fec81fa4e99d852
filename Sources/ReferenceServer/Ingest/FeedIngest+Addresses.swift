import FeedEngine
import FeedFormats
import FeedSession
import SyncCore

/// What an address that a person named turned out to be.
public enum FeedAddress: Sendable, Hashable {
    /// A feed that can be added; `remark` says what the person should know of it.
    case feed(IngestRequest, remark: String?)
    /// Known already, so it was not asked.
    case known(IngestRequest)
    /// It could not be read now; it may be a feed all the same.
    case unread(IngestRequest, reason: String, remedy: String?)
    /// A page that names several feeds.
    case choices(IngestRequest, [String])
}

extension FeedIngest {
    /// Finds out which feeds addresses lead to, without writing anything: a page that names one feed stands for that.
    ///
    /// - Returns: one for each request, in order. Cancelling the task makes the rest `unread`.
    /// - Throws: ``ServerError`` with the code `invalid` if one is no address, or `storage`.
    public func addresses(of requests: [IngestRequest]) async throws(ServerError) -> [FeedAddress] {
        for request in requests where !request.isURL {
            throw ServerError(.invalid, "'\(request.source)' is no http or https address")
        }
        var found: [FeedAddress] = try await store.reading("list the sources") { db in
            let sources = SQLiteSources(db: db)
            return try requests.map { request in
                try sources.source(at: request.source) == nil
                    ? .unread(request, reason: "it was not asked", remedy: nil) : .known(request)
            }
        }
        let addresses = found.enumerated().compactMap { index, address in
            if case .unread(let request, _, _) = address {
                SourceSearch.Address(index: index, url: request.source)
            } else {
                nil
            }
        }
        await SourceSearch(fetcher: fetcher).find(addresses) { index, fetch in
            found[index] = Self.address(requests[index], fetch)
        }
        return found
    }

    private static func address(_ request: IngestRequest, _ fetch: FeedFetch) -> FeedAddress {
        switch fetch {
        case .read(let parsed, let record):
            var found = request
            found.source = record.url
            return .feed(found, remark: PublicationRemark.text(request, parsed, url: record.url))
        case .unchanged(let record):
            var found = request
            found.source = record.url
            return .feed(found, remark: nil)
        case .postponed:
            return .unread(request, reason: "its server wants to be left alone", remedy: nil)
        case .failed(let failure, _):
            return .unread(request, reason: failure.detail, remedy: failure.remedy.isEmpty ? nil : failure.remedy)
        case .page(let feeds, _): return .choices(request, feeds.map(\.url))
        }
    }
}

/// What a person should know who gives a feed another publication than it would get by itself.
enum PublicationRemark {
    /// The remark; `nil` if none is due.
    static func text(_ request: IngestRequest, _ parsed: ParsedFeed, url: String?) -> String? {
        guard let given = request.publication, FeedNaming.host(of: parsed.siteURL ?? url) != nil else { return nil }
        let own = FeedNaming(siteURL: parsed.siteURL, effectiveURL: url, source: request.source).publication.text
        guard own != given else { return nil }
        return "readers who read this feed directly know its articles under '\(own)', not '\(given)': "
            + "marks on them will not meet"
    }
}
