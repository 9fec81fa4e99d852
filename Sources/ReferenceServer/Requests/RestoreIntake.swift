import SyncCore
import SyncProtocol
import SyncSession

/// Takes offered entries back into a reader's log. Nothing is refused but what no log could hold: they were all
/// admitted before, by the rules of their time.
struct RestoreIntake {
    let log: any ReaderLogWriter
    let catalog: any CatalogView
    let head: ReaderHead

    /// Takes an offer whose common cursor is part of the log.
    func take(_ offer: RestoreRequest) throws -> RestoreResponse {
        let entries = try read(offer.entries)
        let named = entries.map(\.change.id) + offer.entries.flatMap { $0.saw.map(\.id) }
        var present = try log.entries(named: named)
        var placement = RestorePlacement(common: offer.common.sequence, head: head.sequence)
        var appender = LogAppender(log: log, head: head)
        let compacted = try compacted(entries.map(\.change.id).filter { present[$0] == nil })
        var places: [UInt64] = []
        for (wire, offered) in zip(offer.entries, entries) {
            if let there = present[offered.change.id] {
                places.append(placement.keep(offered, as: there))
                continue
            }
            if compacted.contains(offered.change.id) {
                places.append(head.floor)
                continue
            }
            let saw = wire.saw.compactMap { present[$0.id]?.sequence }
            let entry = placement.append(offered, saw: saw)
            try appender.append(entry, digest: offered.change.contentDigest)
            present[offered.change.id] = entry
            places.append(entry.sequence)
        }
        let through = placement.identityThrough
        return RestoreResponse(
            places: places,
            common: StateCursor(
                epoch: head.epoch, sequence: through,
                prefix: through == 0 ? .zero : try log.prefix(at: through) ?? offer.common.prefix))
    }

    /// Those changes that were in the log, somewhere at or before its floor.
    private func compacted(_ ids: [ChangeID]) throws -> Set<ChangeID> {
        guard head.floor > 0 else { return [] }
        var found: Set<ChangeID> = []
        for (replica, ids) in Dictionary(grouping: ids, by: \.replica) {
            let records = try log.records(of: replica, numbers: ids.map(\.number)).records
            found.formUnion(ids.filter { records[$0.number].map { $0.refusal == nil } ?? false })
        }
        return found
    }

    private func read(_ offers: [WireOffer]) throws -> [LogEntry] {
        var names: Set<ArticleNumber> = []
        for offer in offers {
            guard case .article(.number(let publication, let article)) = offer.change.entity else { continue }
            names.insert(ArticleNumber(publication: publication, article: article))
        }
        let articles = try catalog.articles(named: names)
        return try offers.enumerated().map { index, offer in
            guard offer.saw.count <= Limits.pushChanges else {
                throw Problem(
                    .overLimit, "entries[\(index)].saw has more than \(Limits.pushChanges) elements")
            }
            let change = offer.change.change(by: offer.author) {
                articles[ArticleNumber(publication: $0, article: $1)]
            }
            guard let change else {
                throw Problem(
                    .malformed, "entries[\(index)]: name the article by its id; its number is not known here")
            }
            return LogEntry(sequence: offer.sequence, received: offer.received, change: change)
        }
    }
}
