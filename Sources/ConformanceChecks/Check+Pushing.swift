import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit

/// How changes enter the log (§3).
extension Check {
    static let pushing: [Check] = [
        Check("push", "§3, §5", "gives changes the next sequences, and tells their author where they stand") { talk in
            var replica = try await talk.replica()
            let before = replica.cursor.sequence
            let changes = [try talk.mark(&replica), try talk.mark(&replica), try talk.mark(&replica)]
            let answer = try await talk.sync(&replica, push: changes)
            try require(
                answer.entries.elements.map(\.own) == [1, 2, 3], "the pushed changes do not come back as own entries")
            try require(answer.entries.elements.map(\.sequence) == (1...3).map { before + $0 }, "the log has a gap")
            try require(answer.cursor.sequence == before + 3 && answer.remaining == 0, "the cursor is not behind them")
        },
        Check("columns", "§5", "tells the places of many own changes, as columns or not") { talk in
            var replica = try await talk.replica()
            let changes = try (0..<40).map { _ in try talk.mark(&replica) }
            let answer = try await talk.sync(&replica, push: changes)
            try require(answer.entries.elements.map(\.own) == (1...40).map { $0 }, "not all 40 come back, in order")
        },
        Check("again", "§3", "takes a push that comes again for what it is, and appends nothing") { talk in
            var replica = try await talk.replica()
            let start = replica.cursor
            let changes = [try talk.mark(&replica), try talk.mark(&replica)]
            let first = try await talk.sync(&replica, push: changes)
            var lost = replica
            lost.cursor = start
            let second = try await talk.sync(&lost, push: changes)
            try require(
                second.cursor == first.cursor, "the log grew from \(first.cursor.sequence) to \(second.cursor.sequence)"
            )
            try require(
                second.entries.elements.map(\.sequence) == first.entries.elements.map(\.sequence), "other places")
            try require(second.refused.isEmpty, "a repeated change is refused")
            // Its entries stand before this cursor, so no page will bring them.
            let third = try await talk.sync(&replica, push: changes)
            try require(Set(third.settled ?? []) == [1, 2], "changes from before the cursor are not settled")
            try require(third.cursor == first.cursor, "the log grew")
        },
        Check("forked", "§3", "refuses another change under a number that was used, and all that came with it") {
            talk in
            var replica = try await talk.replica()
            let change = try talk.mark(&replica)
            _ = try await talk.sync(&replica, push: [change])
            var copy = replica
            copy.number = 0
            let request = copy.request(
                [try talk.mark(&copy), try talk.mark(&copy)].map { WireChange($0, reference: { _ in nil }) })
            try talk.expect(.replicaForked, try await talk.post(Route.sync, request))
            try await nothingCame(&talk, after: replica.cursor)
        },
        Check("gap", "§3", "refuses a push that leaves out a number, whole") { talk in
            var replica = try await talk.replica()
            let (first, _, third) = (try talk.mark(&replica), try talk.mark(&replica), try talk.mark(&replica))
            let request = replica.request([first, third].map { WireChange($0, reference: { _ in nil }) })
            try talk.expect(.numberGap, try await talk.post(Route.sync, request))
            try await nothingCame(&talk, after: replica.cursor)
        },
        Check("order", "§5", "refuses a push that is not in the order of its numbers") { talk in
            var replica = try await talk.replica()
            let (first, second) = (try talk.mark(&replica), try talk.mark(&replica))
            let request = replica.request([second, first].map { WireChange($0, reference: { _ in nil }) })
            try talk.expect(.malformed, try await talk.post(Route.sync, request))
            try await nothingCame(&talk, after: replica.cursor)
        },
        Check("clamped", "§3", "stores the end of the tolerated minute for a stamp beyond it") { talk in
            var replica = try await talk.replica()
            let future = talk.time.advanced(by: 86_400_000)
            let change = try replica.change(talk.article(), .saved, .flag(true), at: future)
            let answer = try await talk.sync(&replica, push: [change])
            guard case .own(_, _, _, let stamp?) = answer.entries.elements.last else {
                throw CheckEnd.differs("an own entry does not say that its stamp was clamped")
            }
            let lead = stamp.wallTime.milliseconds - answer.time.milliseconds
            try require(
                (0...HybridClock.toleratedLead + 1_000).contains(lead), "the stamp is \(lead) ms ahead of the server")
            try require(stamp.counter == 0, "the counter is \(stamp.counter)")
        },
        Check("unknown", "§2, §5", "passes over members of requests it does not know, and keeps those of changes") {
            talk in
            var (author, reader) = (try await talk.replica(), try await talk.replica())
            let extra: [String: JSONValue] = [
                "mood": .string("glad"), "weights": .object(["a": .array([.integer(1), .null, .fraction(0.5)])]),
            ]
            let shelf = try require(EntityName("shelf"), "no name")
            let change = try author.change(
                .other(kind: shelf, name: shelf), .other(shelf),
                .other(.object(["deep": .array([.null, .bool(true)])])),
                at: talk.time, extra: extra)
            let request = try JSONValue(author.request([WireChange(change, reference: { _ in nil })]))
                .setting("colour", .string("red")).setting("later", .object(["a": .array([])]))
            let answer = try talk.read(try await talk.post(Route.sync, request), as: SyncResponse.self)
            try require(answer.refused.isEmpty, "refused: \(answer.refused.first?.code ?? "")")
            let pulled = try await talk.sync(&reader).entries.elements.last?.whole
            try require(
                pulled?.change == WireChange(change, reference: { _ in nil }), "the change comes back as another")
        },
        Check("first-counts", "§5", "takes the first of two members of one name") { talk in
            let replica = try await talk.replica()
            let text = try WireCodec.text(replica.request())
            let doubled = text.dropLast() + #","protocol":7}"#
            _ = try talk.read(
                try await talk.send("POST", Route.sync, body: .init(doubled.utf8)), as: SyncResponse.self)
        },
        Check("not-json", "§5", "refuses what is no JSON, no request, or nested more than 512 levels") { talk in
            let request = try WireCodec.text(Replica(id: ReplicaID(rawValue: 1), cursor: .origin).request())
            let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
            let bodies = [
                "", "{", "[]", #"{"protocol":1}"#, request + "x", request.dropLast() + #","z":"# + deep + "}",
            ]
            for body in bodies {
                try talk.expect(.malformed, try await talk.send("POST", Route.sync, body: .init(body.utf8)))
            }
        },
    ]

    /// Ends a check if the log has entries behind a cursor.
    static func nothingCame(_ talk: inout Conversation, after cursor: StateCursor) async throws {
        var replica = try await talk.replica(at: cursor)
        let count = try await talk.sync(&replica).entries.elements.count
        try require(count == 0, "\(count) changes of a request that failed were applied")
    }
}
