import SyncCore
import Testing

@Suite("Admission to a log")
struct AdmissionTests {
    private func context(
        highWater: UInt64 = 0, recorded: Digest128? = nil, cursor: UInt64 = 0, wording: ConsentWording? = nil,
        ageConfirmed: Bool = false, entityKnown: Bool = true, cadences: [Cadence] = []
    ) -> AdmissionContext {
        AdmissionContext(
            highWater: highWater, recorded: recorded, cursor: cursor, now: noon.wallTime, wording: wording,
            ageConfirmed: ageConfirmed, entityKnown: entityKnown, cadences: cadences)
    }

    private func code(_ admission: Admission) -> Refusal.Code? {
        if case .refused(let refusal) = admission { refusal.code } else { nil }
    }

    @Test("the next number is appended as it came")
    func next() throws {
        let made = try change(alice, 4, .saved, .flag(true))
        #expect(Admission.decide(made, in: context(highWater: 3)) == .appended(made))
    }

    @Test("the same change again is a duplicate")
    func duplicate() throws {
        let made = try change(alice, 3, .saved, .flag(true))
        let known = context(highWater: 3, recorded: made.contentDigest)
        #expect(Admission.decide(made, in: known) == .duplicate)
    }

    @Test("when a change was made, and what its author had seen, is no part of what it says: both may alter on the way")
    func sameInAnotherLight() throws {
        let made = try change(alice, 3, .saved, .flag(true))
        let known = context(highWater: 3, recorded: made.contentDigest)
        #expect(Admission.decide(try change(alice, 3, .saved, .flag(true), at: 1), in: known) == .duplicate)
        #expect(Admission.decide(try change(alice, 3, .saved, .flag(true), seen: 1), in: known) == .duplicate)
    }

    @Test("another change under a used number is a fork, however small the difference")
    func forked() throws {
        let made = try change(alice, 3, .saved, .flag(true))
        let others = [
            try change(alice, 3, .saved, .flag(false)),
            try change(alice, 3, .saved, .flag(true), extra: ["x": .null]),
        ]
        for other in others {
            let known = context(highWater: 3, recorded: made.contentDigest)
            #expect(Admission.decide(other, in: known) == .forked)
        }
    }

    @Test("a used number whose content is forgotten is taken for a fork, so that nothing is dropped unseen")
    func compacted() throws {
        let made = try change(alice, 3, .saved, .flag(true))
        #expect(Admission.decide(made, in: context(highWater: 3)) == .forked)
    }

    @Test("a number that skips one is a gap")
    func gap() throws {
        #expect(Admission.decide(try change(alice, 5, .saved, .flag(true)), in: context(highWater: 3)) == .gap)
    }

    @Test("a stamp more than a minute ahead is clamped, and the rest of the change kept")
    func clamped() throws {
        let made = try change(alice, 1, .saved, .flag(true), at: 86_400_000)
        guard case .appended(let admitted) = Admission.decide(made, in: context()) else {
            Issue.record("a wrong clock must never block a change")
            return
        }
        #expect(admitted.stamp.milliseconds == noon.milliseconds + 60_000)
        #expect(admitted.value == made.value && admitted.id == made.id)
    }

    @Test("a change cannot have seen what its replica has not pulled")
    func seenAhead() throws {
        let through = try change(alice, 1, .saved, .flag(true), seen: 6)
        #expect(code(Admission.decide(through, in: context(cursor: 5))) == .seenAhead)
        let single = try change(alice, 1, .saved, .flag(true), seen: 2, also: [6])
        #expect(code(Admission.decide(single, in: context(cursor: 5))) == .seenAhead)
    }

    @Test("a consent is taken only for the wording in force")
    func wording() throws {
        let brand = try #require(EntityName("brandOffers"))
        let current = ConsentWording(purpose: brand, version: "2", text: "new", policyVersion: "1", termsVersion: "1")
        let old = ConsentWording(purpose: brand, version: "1", text: "old", policyVersion: "1", termsVersion: "1")
        let known = context(wording: current)
        let grant = try change(
            alice, 1, .consent, .consent(true, current.terms(surface: "cli")), entity: .consent(brand))
        #expect(Admission.decide(grant, in: known) == .appended(grant))
        let stale = try change(alice, 1, .consent, .consent(true, old.terms(surface: "cli")), entity: .consent(brand))
        #expect(code(Admission.decide(stale, in: known)) == .wordingOutdated)
    }

    @Test("withdrawing and unsubscribing are never refused for what the catalog has become")
    func optOuts() throws {
        let brand = try #require(EntityName("brandOffers"))
        let old = ConsentWording(purpose: brand, version: "1", text: "old", policyVersion: "1", termsVersion: "1")
        let withdrawal = try change(
            alice, 1, .consent, .consent(false, old.terms(surface: "cli")), entity: .consent(brand))
        let unsubscription = try change(
            alice, 1, .subscribed, .flag(false), entity: .newsletter(try #require(EntityName("gone"))))
        for optOut in [withdrawal, unsubscription] {
            #expect(Admission.decide(optOut, in: context(entityKnown: false)) == .appended(optOut))
        }
    }

    @Test("subscribing needs the age gate")
    func ageGate() throws {
        let letter = Entity.newsletter(try #require(EntityName("weekly")))
        let made = try change(alice, 1, .subscribed, .flag(true), entity: letter)
        #expect(code(Admission.decide(made, in: context())) == .ageNotConfirmed)
        #expect(Admission.decide(made, in: context(ageConfirmed: true)) == .appended(made))
    }

    @Test("a newsletter comes only as often as it is offered")
    func cadence() throws {
        let letter = Entity.newsletter(try #require(EntityName("weekly")))
        let weekly = try #require(Cadence("weekly"))
        let daily = try change(alice, 1, .frequency, .frequency(try #require(Cadence("daily"))), entity: letter)
        #expect(code(Admission.decide(daily, in: context(cadences: [weekly]))) == .cadenceNotOffered)
    }

    @Test("a change of what the keeper does not know is refused alone")
    func unknown() throws {
        let made = try change(alice, 1, .saved, .flag(true))
        #expect(code(Admission.decide(made, in: context(entityKnown: false))) == .unknownEntity)
    }
}
