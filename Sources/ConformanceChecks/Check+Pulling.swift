import SyncCore
import SyncPorts
import SyncProtocol

/// How replicas follow the log (§3, §5).
extension Check {
    static let pulling: [Check] = [
        Check("pages", "§5, §9", "brings a long log page by page, without a gap, each change as it was pushed") {
            talk in
            var (author, reader) = (try await talk.replica(), try await talk.replica())
            let start = reader.cursor.sequence
            var sent: [Change] = []
            for _ in 0..<2 {
                let push = try (0..<600).map { _ in try talk.mark(&author) }
                _ = try await talk.sync(&author, push: push)
                sent += push
            }
            var got: [WireEntry] = []
            var pages = 0
            repeat {
                let answer = try await talk.sync(&reader)
                let entries = answer.entries.elements
                try require(entries.count <= Limits.pageEntries, "a page of \(entries.count) entries")
                try require(!entries.isEmpty, "\(answer.remaining) entries remain and none comes")
                try require(answer.cursor.sequence == entries.last?.sequence, "the cursor is not behind the last entry")
                let left = UInt64(sent.count) + start - answer.cursor.sequence
                try require(answer.remaining == left, "remaining is \(answer.remaining), not \(left)")
                got += entries
                pages += 1
            } while got.count < sent.count
            try require(pages > 1, "1200 entries came on one page")
            try require(got.map(\.sequence) == (1...1_200).map { start + $0 }, "the sequences have a gap")
            let changes = got.compactMap(\.whole)
            try require(changes.allSatisfy { $0.author == author.id }, "the entries' author is another")
            try require(changes.map(\.change) == sent.map { WireChange($0, reference: { _ in nil }) }, "changes differ")
        },
        Check("nothing-new", "§5", "answers with nothing if nothing is new") { talk in
            var replica = try await talk.replica()
            let first = try await talk.sync(&replica)
            var request = replica.request(catalog: first.heads)
            (request.library, request.account) = (first.library?.version, first.account?.version)
            let answer = try talk.read(try await talk.post(Route.sync, request), as: SyncResponse.self)
            try require(answer.library == nil && answer.account == nil, "library or account come though they are held")
            try require(answer.heads.isEmpty && answer.tails.isEmpty, "heads come though they are held")
            try require(answer.entries.elements.isEmpty && answer.cursor == replica.cursor, "entries come")
        },
        Check("cursors", "§3, §6", "knows a cursor that is not part of its log") { talk in
            var replica = try await talk.replica()
            _ = try await talk.sync(&replica, push: [try talk.mark(&replica)])
            let good = replica.cursor
            let foreign = [
                StateCursor(epoch: good.epoch ^ 1, sequence: good.sequence, prefix: good.prefix),
                StateCursor(epoch: good.epoch, sequence: good.sequence, prefix: Digest128(high: 1, low: 2)),
                StateCursor(epoch: good.epoch, sequence: good.sequence - 1, prefix: good.prefix),
                StateCursor(epoch: good.epoch, sequence: good.sequence + 9, prefix: good.prefix),
            ]
            for cursor in foreign {
                replica.cursor = cursor
                try talk.expect(.prefixMismatch, try await talk.post(Route.sync, replica.request()))
                // And with a push, of which nothing is applied.
                let push = [WireChange(try talk.mark(&replica), reference: { _ in nil })]
                replica.number -= 1
                try talk.expect(.prefixMismatch, try await talk.post(Route.sync, replica.request(push)))
            }
            try await nothingCame(&talk, after: good)
        },
        Check("origin", "§3", "takes sequence 0 of whatever epoch, or tells that the log was compacted") { talk in
            var replica = Replica(
                id: ReplicaID(rawValue: talk.random.next()),
                cursor: StateCursor(epoch: talk.random.next(), sequence: 0, prefix: Digest128(high: 3, low: 4)))
            let answer = try await talk.post(Route.sync, replica.request())
            if answer.status == Problem.Code.cursorExpired.status {
                try talk.expect(.cursorExpired, answer)
            } else {
                let page = try talk.read(answer, as: SyncResponse.self)
                try require(page.entries.elements.first?.sequence == 1, "the log does not begin at 1")
                replica.cursor = page.cursor
            }
        },
    ]
}
