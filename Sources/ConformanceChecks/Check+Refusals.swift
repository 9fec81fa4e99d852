import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit

/// Changes that are refused alone (§3, rule 3).
extension Check {
    static let refusals: [Check] = [
        Check("refused-alone", "§3", "refuses a change alone, takes those around it, and repeats the refusal") { talk in
            var replica = try await talk.replica()
            let start = replica.cursor
            let ahead = SeenContext(through: replica.cursor.sequence + 1_000)
            let changes = [
                try talk.mark(&replica),
                try replica.change(talk.article(), .saved, .flag(true), at: talk.time, seen: ahead),
                try talk.mark(&replica),
            ]
            let first = try await talk.sync(&replica, push: changes)
            try require(first.refused.map(\.number) == [2], "refused: \(first.refused.map(\.number)), expected 2 alone")
            try require(first.refused.first?.code == Refusal.Code.seenAhead.rawValue, "not as seenAhead")
            try require(first.entries.elements.map(\.own) == [1, 3], "the changes around it were not taken")
            replica.cursor = start
            let second = try await talk.sync(&replica, push: changes)
            try require(second.refused == first.refused, "the refusal is not repeated")
            try require(second.cursor == first.cursor, "the log grew")
            let next = try talk.mark(&replica)
            let third = try await talk.sync(&replica, push: [next])
            try require(third.refused.isEmpty, "the number of a refused change does not count as used")
        },
        Check("unreadable-alone", "§3", "refuses a change that cannot be read alone, by its number") { talk in
            var replica = try await talk.replica()
            let changes = [try talk.mark(&replica), try talk.mark(&replica), try talk.mark(&replica)]
            let request = try JSONValue(replica.request(changes.map { WireChange($0, reference: { _ in nil }) }))
            var push = request["push"].items
            push[1] = push[1].setting("value", .string("yes"))
            let answer = try talk.read(
                try await talk.post(Route.sync, request.setting("push", .array(push))), as: SyncResponse.self)
            try require(
                answer.refused.map(\.number) == [2], "refused: \(answer.refused.map(\.number)), expected 2 alone")
            try require(answer.refused.first?.code == Refusal.Code.malformed.rawValue, "not as malformed")
            try require(answer.entries.elements.map(\.own) == [1, 3], "the changes around it were not taken")
        },
        Check("not-on-offer", "§3", "refuses newsletters and consents that are not on offer, but never an opt-out") {
            talk in
            var replica = try await talk.replica()
            let name = try require(EntityName("none-\(talk.random.next())"), "no name")
            let terms = ConsentTerms(
                wordingVersion: "0", wordingHash: "0", policyVersion: "0", termsVersion: "0", surface: "conformance")
            let changes = [
                try replica.change(.newsletter(name), .subscribed, .flag(true), at: talk.time),
                try replica.change(.consent(name), .consent, .consent(true, terms), at: talk.time),
                try replica.change(.newsletter(name), .subscribed, .flag(false), at: talk.time),
                try replica.change(.consent(name), .consent, .consent(false, terms), at: talk.time),
            ]
            let answer = try await talk.sync(&replica, push: changes)
            try require(
                answer.refused.map(\.number) == [1, 2], "refused: \(answer.refused.map(\.number)), expected 1 and 2")
            try require(answer.refused.allSatisfy { $0.code == "unknownEntity" }, "not as unknownEntity")
        },
        Check("wording", "§3", "takes a grant under the wording in force alone, a withdrawal under any") { talk in
            var replica = try await talk.replica()
            let library = try await talk.sync(&replica).library
            guard let wording = library?.wordings.first else {
                throw CheckEnd.notTested("the server has no consent on offer")
            }
            var old = wording.terms(surface: "conformance")
            let entity = Entity.consent(wording.purpose)
            let good = try replica.change(entity, .consent, .consent(true, old), at: talk.time)
            old.wordingVersion += "-old"
            old.wordingHash = "0"
            let bad = try replica.change(entity, .consent, .consent(true, old), at: talk.time)
            let out = try replica.change(entity, .consent, .consent(false, old), at: talk.time)
            let answer = try await talk.sync(&replica, push: [good, bad, out])
            try require(
                answer.refused.map(\.number) == [2], "refused: \(answer.refused.map(\.number)), expected 2 alone")
            try require(answer.refused.first?.code == "wordingOutdated", "not as wordingOutdated")
        },
        Check("subscribing", "§3", "asks for the age gate, which may come in the same push, and knows its cadences") {
            talk in
            var replica = try await talk.replica()
            guard let newsletter = try await talk.sync(&replica).library?.newsletters.first else {
                throw CheckEnd.notTested("the server has no newsletter on offer")
            }
            let entity = Entity.newsletter(newsletter.id)
            let early = try replica.change(entity, .subscribed, .flag(true), at: talk.time)
            let first = try await talk.sync(&replica, push: [early])
            // A reader of an earlier run has passed the gate.
            try require(first.refused.allSatisfy { $0.code == "ageNotConfirmed" }, "\(first.refused)")
            let never = Cadence(try require(EntityName("never-\(talk.random.next() % 1_000)"), "no name"))
            let changes = [
                try replica.change(.reader, .ageConfirmed, .flag(true), at: talk.time),
                try replica.change(entity, .subscribed, .flag(true), at: talk.time),
                try replica.change(entity, .frequency, .frequency(never), at: talk.time),
                try replica.change(entity, .subscribed, .flag(false), at: talk.time),
            ]
            let second = try await talk.sync(&replica, push: changes)
            try require(second.refused.map(\.number) == [4], "refused: \(second.refused), expected the cadence alone")
            try require(second.refused.first?.code == "cadenceNotOffered", "not as cadenceNotOffered")
        },
    ]
}
