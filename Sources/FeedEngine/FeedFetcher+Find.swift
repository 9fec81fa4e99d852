import FeedFormats
import FeedSession
import SyncCore
import SyncPorts

extension FeedFetcher {
    /// Fetches one address that a person named: a feed, or a page that names feeds. An address without a scheme is tried
    /// with `https`, and with `http` if nothing answers there; `feed:` addresses are taken.
    ///
    /// Of a page that names one feed of articles, that feed is read; of one that names none, a few addresses where feeds
    /// often lie are tried. A permanent redirect is believed at once: nothing is remembered yet that it could spoil.
    ///
    /// All of it takes at most twice the deadline of one feed.
    ///
    /// - Returns: `read` with a record of the feed's own address, `page` with several feeds, or `failed`.
    public func find(_ url: String) async -> FeedFetch {
        let candidates: [String]
        switch TypedAddress.candidates(url) {
        case .success(let addresses): candidates = addresses
        case .failure(let failure): return .failed(failure, FetchRecord(url: url))
        }
        let end = ContinuousClock.now + limits.deadline * 2
        var first: Visit?
        for address in candidates {
            let visit = await visit(address, until: end)
            first = first ?? visit
            switch visit.code {
            // Not where the certificate is wrong: that a better address exists must not make a worse one do.
            case .unreachable, .timedOut, .brokenAnswer: continue
            // A server that speaks no TLS at all: nothing was wrong with a certificate.
            case .insecure where visit.speaksPlainly: continue
            default: return await conclude(visit, until: end)
            }
        }
        return first?.fetch ?? .failed(.cancelled, FetchRecord(url: url))
    }

    /// What asking for one address came to.
    private struct Visit {
        var fetch: FeedFetch
        var page: FetchStep.Page?
        var code: TransportError.Code?

        /// Whether what answered a TLS handshake was something else, as OpenSSL words it.
        var speaksPlainly: Bool {
            guard case .failed(let failure, _) = fetch else { return false }
            return failure.detail.contains("wrong version number")
        }
    }

    private func visit(_ address: String, until end: ContinuousClock.Instant) async -> Visit {
        var limits = limits
        limits.fetch.movesBelieved = 1
        limits.deadline = min(limits.deadline, end - .now)
        let fetcher = FeedFetcher(transport: transport, clock: clock, random: random, limits: limits)
        var outcome = fetcher.begin(FetchRecord(url: address), .named, at: 0)
        var last: FetchStep?
        while case .next(let job) = outcome {
            let step = await FetchStep(job, fetcher)
            outcome = step.outcome
            last = step
        }
        guard case .done(let fetch) = outcome else {
            return Visit(fetch: .failed(.cancelled, FetchRecord(url: address)))
        }
        return Visit(fetch: fetch, page: last?.page, code: last?.transportCode)
    }

    private func conclude(_ visit: Visit, until end: ContinuousClock.Instant) async -> FeedFetch {
        guard case .failed(_, let record) = visit.fetch, let page = visit.page else { return visit.fetch }
        let named = FeedDiscovery.links(
            inHTML: page.body, contentType: page.contentType, pageURL: page.url, limits: limits.document)
        let choices = Self.articleFeeds(of: named)
        if choices.count == 1 { return await self.visit(choices[0].url, until: end).fetch }
        guard choices.isEmpty else { return .page(choices, url: page.url) }
        for guess in FeedDiscovery.guesses(for: page.url).prefix(max(0, limits.guesses)) where guess != page.url {
            let tried = await self.visit(guess, until: end)
            if case .read = tried.fetch { return tried.fetch }
            // A host that does not answer, or refuses all, need not be asked for each of them.
            if tried.code != nil || Task.isCancelled { break }
        }
        if Task.isCancelled { return .failed(.cancelled, record) }
        let failure = FetchFailure(
            .unreadable, "the document is no feed, and names none",
            remedy: "look on the site for a link called RSS, Atom or feed, and give its address")
        return .failed(failure, record)
    }

    /// The feeds of a page that a reader may have meant: those that it declares, else those that its links look like, and
    /// feeds of readers' comments only where there are no others.
    private static func articleFeeds(of named: [DiscoveredFeed]) -> [DiscoveredFeed] {
        let declared = named.filter(\.isDeclared)
        let feeds = declared.isEmpty ? named : declared
        let articles = feeds.filter { !isAboutComments($0) }
        return articles.isEmpty ? feeds : articles
    }

    private static func isAboutComments(_ feed: DiscoveredFeed) -> Bool {
        feed.url.lowercased().split(separator: "/").contains { $0 == "comment" || $0.hasPrefix("comments") }
            || feed.title.map { $0.lowercased().contains("comments") } ?? false
    }
}

/// An address as people type it.
enum TypedAddress {
    /// The addresses that may be meant, the better first.
    static func candidates(_ typed: String) -> Result<[String], FetchFailure> {
        var text = Substring(typed).drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        if text.lowercased().hasPrefix("feed:") {
            text = text.dropFirst(5)
            if text.hasPrefix("//") { text = text.dropFirst(2) }
        }
        let lower = text.lowercased()
        if lower.hasPrefix("http://") || lower.hasPrefix("https://") { return checked([String(text)], typed) }
        if text.hasPrefix("//") { text = text.dropFirst(2) }
        // "example.com:8080/feed" is a host with a port, "ftp:..." and "ftp://..." are other schemes.
        let scheme = text.prefix { $0.isLetter || $0.isNumber || "+-.".contains($0) }
        let rest = text[scheme.endIndex...]
        if rest.hasPrefix(":"), rest.dropFirst().first?.isNumber != true {
            return .failure(
                FetchFailure(
                    .forbidden, "'\(scheme.prefix(40))' is no scheme that feeds have",
                    remedy: "give an http or https address"))
        }
        return checked(["https://" + text, "http://" + text], typed)
    }

    private static func checked(_ addresses: [String], _ typed: String) -> Result<[String], FetchFailure> {
        let known = addresses.compactMap { WebAddress.safe($0, base: nil) }
        guard known.count == addresses.count, !typed.contains(where: \.isNewline) else {
            return .failure(
                FetchFailure(
                    .forbidden, "'\(typed.prefix(80).filter { !$0.isNewline })' is no address",
                    remedy: "give one like https://example.org/feed"))
        }
        return .success(known)
    }
}
