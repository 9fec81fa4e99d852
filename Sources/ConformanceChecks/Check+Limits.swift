import struct FoundationEssentials.Data
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit

/// What is turned away before it is parsed, or before it is believed (§9).
extension Check {
    static let limits: [Check] = [
        Check("request-bytes", "§9", "refuses a body over requestBytes, and answers the next request") { talk in
            let body = Data(repeating: UInt8(ascii: " "), count: Limits.requestBytes + 1)
            try talk.expect(.tooLarge, try await talk.send("POST", Route.sync, body: body))
            _ = try await talk.replica()
        },
        Check("push-changes", "§9", "takes pushChanges changes, and refuses one more, whole") { talk in
            var replica = try await talk.replica()
            let start = replica
            let changes = try (0..<(Limits.pushChanges + 1)).map { _ in try talk.mark(&replica) }
            let tooMany = replica.request(changes.map { WireChange($0, reference: { _ in nil }) })
            try talk.expect(.overLimit, try await talk.post(Route.sync, tooMany))
            try await nothingCame(&talk, after: start.cursor)
            let answer = try await talk.sync(&replica, push: changes.dropLast())
            try require(answer.refused.isEmpty, "of pushChanges changes some are refused")
        },
        Check("lists", "§9", "refuses lists over publications, commonCursors, restoreEntries") { talk in
            let replica = try await talk.replica()
            let name = try require(EntityName("p"), "no name")
            let head = CatalogHead(publication: name, generation: "g", count: 1, hash: .zero)
            let many = replica.request(catalog: [CatalogHead](repeating: head, count: Limits.publications + 1))
            try talk.expect(.overLimit, try await talk.post(Route.sync, many))
            let cursors = [StateCursor](repeating: .origin, count: Limits.commonCursors + 1)
            try talk.expect(.overLimit, try await talk.post(Route.common, CommonRequest(cursors: cursors)))
            var author = replica
            let change = WireChange(try talk.mark(&author), reference: { _ in nil })
            let offer = WireOffer(sequence: 1, received: talk.time, author: author.id, change: change, saw: [])
            let offers = [WireOffer](repeating: offer, count: Limits.restoreEntries + 1)
            try talk.expect(
                .overLimit, try await talk.post(Route.restore, RestoreRequest(common: replica.cursor, entries: offers)))
            try await nothingCame(&talk, after: replica.cursor)
        },
        Check("mark-rows", "§9", "refuses columns of more than markRows rows") { talk in
            let replica = try await talk.replica()
            let column = { (number: Int64) in
                JSONValue.array(.init(repeating: .integer(number), count: Limits.markRows + 1))
            }
            let marks = JSONValue.object([
                "kinds": .array([.object(["field": .string("saved")])]), "kind": column(0), "value": column(1),
                "number": column(1), "stamp": column(0), "counter": column(0), "seen": column(0),
                "publication": column(1), "article": column(1),
            ])
            let request = try JSONValue(replica.request()).setting("marks", marks)
            let answer = try await talk.post(Route.sync, request)
            try require([400, 422].contains(answer.status), "answered \(answer.status)")
        },
        Check(
            "change-limits", "§1, §2, §9", "refuses changes beyond the limits of notes, progress, also, unknown members"
        ) { talk in
            var replica = try await talk.replica()
            let note = String(repeating: "é", count: Value.maximumNoteBytes / 2)
            let good = [
                try replica.change(talk.article(), .note, .note(note, base: ""), at: talk.time),
                try replica.change(talk.article(), .progress, .progress(Value.maximumProgress), at: talk.time),
            ]
            try require(try await talk.sync(&replica, push: good).refused.isEmpty, "the largest values are refused")
            let base = try (0..<5).map { _ in WireChange(try talk.mark(&replica), reference: { _ in nil }) }
            let request = try JSONValue(replica.request(base))
            var push = request["push"].items
            push[0] = push[0].setting("field", .string("note")).setting("value", .string(note + "x"))
            push[1] = push[1].setting("field", .string("progress")).setting("value", .integer(10_001))
            push[2] = push[2].setting("seen", .integer(0)).setting(
                "also", .array((2...Int64(Limits.seenAlso + 2)).map { .integer($0) }))
            for index in 0...Limits.extraMembers { push[3] = push[3].setting("m\(index)", .integer(1)) }
            push[4] = push[4].setting("large", .string(String(repeating: "x", count: Limits.extraBytes)))
            let answer = try talk.read(
                try await talk.post(Route.sync, request.setting("push", .array(push))), as: SyncResponse.self)
            try require(answer.refused.count == 5, "refused: \(answer.refused.map(\.number)) of 3 to 7")
            try require(answer.refused.allSatisfy { $0.code == "malformed" }, "not as malformed")
            try require(answer.cursor == replica.cursor, "one of them was taken")
        },
    ]
}
