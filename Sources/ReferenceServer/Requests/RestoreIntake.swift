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
        var renamed: [Int] = []
        // What this offer calls its entries: a name may mean another change in the log.
        var offeredPlaces: [ChangeID: UInt64] = [:]
        for (index, (wire, offered)) in zip(offer.entries, entries).enumerated() {
            defer { offeredPlaces[offered.change.id] = places.last }
            var isTaken = false
            if let there = present[offered.change.id] {
                isTaken = !there.change.says(sameAs: offered.change)
                if !isTaken {
                    places.append(placement.keep(offered, as: there))
                    continue
                }
            } else if let gone = compacted[offered.change.id] {
                isTaken = gone.says.map { $0 != offered.change.nameWhereTaken.replica.rawValue } ?? false
                if !isTaken {
                    places.append(gone.sequence ?? head.floor)
                    continue
                }
            }
            if isTaken {
                renamed.append(index)
                if let place = try place(of: offered.change.nameWhereTaken, present) {
                    places.append(place)
                    continue
                }
            }
            let saw = wire.saw.compactMap { offeredPlaces[$0.id] ?? present[$0.id]?.sequence }
            let entry = placement.append(offered, saw: saw, isTaken: isTaken)
            try appender.append(entry, digest: offered.change.contentDigest)
            present[entry.change.id] = entry
            places.append(entry.sequence)
        }
        try appender.finish()
        let through = placement.identityThrough
        return RestoreResponse(
            places: places,
            common: StateCursor(
                epoch: head.epoch, sequence: through,
                prefix: through == 0 ? .zero : try log.prefix(at: through) ?? offer.common.prefix),
            renamed: renamed.isEmpty ? nil : renamed,
            head: StateCursor(epoch: head.epoch, sequence: appender.sequence, prefix: appender.prefix))
    }

    /// Where a change stands that was brought back before under a name of its own; `nil` if it was not.
    private func place(of name: ChangeID, _ present: [ChangeID: LogEntry]) throws -> UInt64? {
        if let known = try present[name] ?? log.entries(named: [name])[name] { return known.sequence }
        return try compacted([name])[name].map { $0.sequence ?? head.floor }
    }

    /// Those changes that were in the log, somewhere at or before its floor.
    private func compacted(_ ids: [ChangeID]) throws -> [ChangeID: NumberRecord] {
        guard head.floor > 0 else { return [:] }
        var found: [ChangeID: NumberRecord] = [:]
        for (replica, ids) in Dictionary(grouping: ids, by: \.replica) {
            let records = try log.records(of: replica, numbers: ids.map(\.number)).records
            for id in ids {
                if let record = records[id.number], record.refusal == nil { found[id] = record }
            }
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
            // A replica may know the instant of an earlier receipt, and the stamp of a later one, which allowed more.
            let earliest = change.stamp.wallTime.advanced(by: -HybridClock.toleratedLead)
            return LogEntry(sequence: offer.sequence, received: max(offer.received, earliest), change: change)
        }
    }
}
