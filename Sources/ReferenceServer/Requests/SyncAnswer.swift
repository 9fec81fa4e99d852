import SyncCore
import SyncProtocol

/// Puts together the answer to a sync: a page of the log, what is new of the catalog, library and account.
struct SyncAnswer {
    let catalog: any CatalogView
    let log: any ReaderLog
    let request: SyncRequest
    /// Most entries of the log.
    private let limit: Int
    /// The changes that came with this request, by number.
    private let sent: [UInt64: WireChange]

    init(_ catalog: any CatalogView, _ log: any ReaderLog, _ request: SyncRequest, limit: Int) {
        self.catalog = catalog
        self.log = log
        self.request = request
        self.limit = limit
        sent = Dictionary(request.push.elements.map { ($0.number, $0) }) { $1 }
    }

    /// The answer, as far as the log goes.
    func response(
        at now: WallTime, head: ReaderHead, refused: [Refusal] = [], settled: [UInt64] = []
    ) throws -> SyncResponse {
        let entries =
            request.cursor.sequence < head.sequence
            ? try log.entries(
                after: request.cursor.sequence, limit: limit, bytes: Limits.pageBytes) : []
        let last = entries.last?.sequence ?? request.cursor.sequence
        let cursor =
            last == head.sequence
            ? head.cursor
            : StateCursor(epoch: head.epoch, sequence: last, prefix: try log.prefix(at: last) ?? .zero)
        let names = try ArticleNames(of: entries.filter { !isOwn($0) }.map(\.change), in: catalog)
        // A replica with another history would take the numbers for other articles.
        let spells =
            try request.names
            || (!names.numbers.isEmpty && !ClaimedHistory(catalog: catalog, claimed: request.catalog).isShared())
        let (heads, tails) = try history()
        let account = try log.account()
        let isLibraryOld = try catalog.libraryVersion() != request.library
        return SyncResponse(
            time: now, entries: entries.map { wire($0, names) }, articles: spells ? names.wire : nil,
            cursor: cursor, remaining: head.sequence - last, refused: refused.map { WireRefusal($0) },
            settled: settled.isEmpty ? nil : settled,
            heads: heads, tails: tails, library: isLibraryOld ? WireLibrary(try catalog.library()) : nil,
            account: account.version == request.account ? nil : WireAccount(account))
    }

    /// Whether the entry is what this request pushed, but for its stamp. It is not if another replica brought it back
    /// to a restored log, where it has seen something else.
    private func isOwn(_ entry: LogEntry) -> Bool {
        entry.change.id.replica == request.replica && sent[entry.change.id.number]?.seen == entry.change.seen
    }

    private func wire(_ entry: LogEntry, _ names: ArticleNames) -> WireEntry {
        let change = entry.change
        guard isOwn(entry), let sent = sent[change.id.number] else {
            return .full(
                sequence: entry.sequence, received: entry.received, author: change.id.replica,
                WireChange(change, reference: names.reference))
        }
        return .own(
            sequence: entry.sequence, number: change.id.number, received: entry.received,
            stamp: change.stamp == sent.stamp ? nil : change.stamp)
    }

    private func history() throws -> (heads: [CatalogHead], tails: [WireTail]) {
        let held = Dictionary(request.catalog.map { ($0.publication, $0) }) { $1 }
        var (heads, tails): ([CatalogHead], [WireTail]) = ([], [])
        var budget = Limits.inlineBytes
        for head in try catalog.heads() where held[head.publication] != head {
            heads.append(head)
            guard let mine = held[head.publication], mine.generation == head.generation,
                mine.count < head.count,
                head.count - mine.count <= UInt64(Limits.inlineEntries),
                try catalog.hash(of: head.publication, before: mine.count) == mine.hash
            else { continue }
            let lines = try catalog.lines(of: head.publication, from: mine.count, to: head.count)
            let size = lines.reduce(0) { $0 + $1.count }
            guard size <= budget else { continue }
            budget -= size
            tails.append(
                WireTail(
                    publication: head.publication, generation: head.generation, from: mine.count,
                    start: mine.hash,
                    lines: lines.map { String(decoding: $0, as: UTF8.self) }))
        }
        return (heads, tails)
    }
}
