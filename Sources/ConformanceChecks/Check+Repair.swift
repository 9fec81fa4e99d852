import SyncCore
import SyncPorts
import SyncProtocol

/// What a server does for replicas when it was put back to a backup (§7). The server under test was not; but it must
/// answer as if it could have been.
extension Check {
    static let repair: [Check] = [
        Check("common", "§7", "finds the newest cursor that is part of the log, or its beginning") { talk in
            var replica = try await talk.replica()
            _ = try await talk.sync(&replica, push: [try talk.mark(&replica)])
            let old = replica.cursor
            _ = try await talk.sync(&replica, push: [try talk.mark(&replica)])
            let foreign = StateCursor(epoch: old.epoch, sequence: old.sequence + 50, prefix: Digest128(high: 1, low: 2))
            for (cursors, expected) in [([foreign, replica.cursor, old], replica.cursor), ([foreign, old], old)] {
                let answer = try talk.read(
                    try await talk.post(Route.common, CommonRequest(cursors: cursors)), as: CommonResponse.self)
                try require(answer.cursor == expected, "found \(answer.cursor.sequence), not \(expected.sequence)")
            }
            for cursors in [[foreign], []] {
                let answer = try talk.read(
                    try await talk.post(Route.common, CommonRequest(cursors: cursors)), as: CommonResponse.self)
                try require(answer.cursor.sequence == 0, "found \(answer.cursor.sequence), where none is good")
            }
        },
        Check("restore-known", "§7", "leaves an offered entry that it has where it stands") { talk in
            var (replica, reader) = (try await talk.replica(), try await talk.replica())
            let common = replica.cursor
            _ = try await talk.sync(&replica, push: [try talk.mark(&replica), try talk.mark(&replica)])
            let entries = try await talk.sync(&reader).entries.elements
            let answer = try await talk.offer(entries, from: common)
            try require(answer.places == entries.map(\.sequence), "the places are \(answer.places)")
            try require(answer.head == replica.cursor, "the log grew")
            try require(answer.common == replica.cursor, "the logs are one up to \(answer.common.sequence) only")
            try require(answer.renamed?.isEmpty ?? true, "entries that are known were renamed")
        },
        Check("restore-lost", "§7", "appends an offered entry that it lacks, once") { talk in
            var (author, reader) = (try await talk.replica(), try await talk.replica())
            let common = author.cursor
            let change = WireChange(try talk.mark(&author), reference: { _ in nil })
            let lost = WireEntry.full(
                sequence: common.sequence + 1, received: talk.time, author: author.id, change)
            for _ in 0..<2 {
                let answer = try await talk.offer([lost], from: common)
                try require(answer.places == [common.sequence + 1], "the places are \(answer.places)")
                try require(answer.head?.sequence == common.sequence + 1, "the log ends elsewhere")
            }
            let entries = try await talk.sync(&reader).entries.elements
            try require(entries.count == 1, "\(entries.count) entries came, not 1")
            try require(entries.first?.whole?.author == author.id, "its author is another")
            try require(entries.first?.whole?.change == change, "the entry is another")
            // Its number counts as used: the author goes on behind it.
            let next = try await talk.sync(&author, push: [try talk.mark(&author)])
            try require(next.refused.isEmpty, "the author of a restored change cannot go on")
        },
        Check("restore-renamed", "§7", "gives a name of its own to an entry whose name another change has") { talk in
            var (author, reader) = (try await talk.replica(), try await talk.replica())
            let common = author.cursor
            var old = author
            _ = try await talk.sync(&author, push: [try talk.mark(&author)])
            let other = WireChange(try talk.mark(&old), reference: { _ in nil })
            let offer = WireEntry.full(sequence: common.sequence + 1, received: talk.time, author: author.id, other)
            let answer = try await talk.offer([offer], from: common)
            try require(answer.renamed == [0], "renamed is \(answer.renamed ?? [])")
            try require(answer.places == [common.sequence + 2], "the places are \(answer.places)")
            let named = try await talk.sync(&reader).entries.elements.last?.whole
            try require(named?.change.number == 1 && named?.author != author.id, "the entry has no name of its own")
            try require(named.map { $0.author.rawValue & 1 == 1 } ?? false, "the name's last bit is not set")
            let again = try await talk.offer([offer], from: common)
            try require(again.places == answer.places && again.head == answer.head, "the same offer was taken twice")
        },
        Check("restore-refused", "§7", "refuses an offer upon a cursor that is not part of the log") { talk in
            let replica = try await talk.replica()
            let foreign = StateCursor(
                epoch: replica.cursor.epoch, sequence: max(1, replica.cursor.sequence),
                prefix: Digest128(high: 5, low: 6))
            for (common, placed) in [(foreign, nil), (replica.cursor, foreign)] as [(StateCursor, StateCursor?)] {
                let request = RestoreRequest(common: common, entries: [], placed: placed)
                try talk.expect(.prefixMismatch, try await talk.post(Route.restore, request))
            }
        },
    ]
}

extension Conversation {
    /// Offers entries again.
    mutating func offer(_ entries: [WireEntry], from common: StateCursor) async throws -> RestoreResponse {
        let offers = entries.compactMap { entry -> WireOffer? in
            guard case .full(let sequence, let received, let author, let change) = entry else { return nil }
            return WireOffer(sequence: sequence, received: received, author: author, change: change, saw: [])
        }
        let request = RestoreRequest(common: common, entries: offers)
        let answer = try read(try await post(Route.restore, request), as: RestoreResponse.self)
        if let end = answer.head { head = end }
        return answer
    }
}
