import SyncCore
import Testing

@testable import SyncSimulation

/// The rows of the specification's table (§4), each said of the model alone.
@Suite("The naive model's rules")
struct NaiveRuleTests {
    private static let early: Int64 = 1_764_000_000_000
    private let article = Entity.article(ArticleID(digest: Digest128(high: 1, low: 2)))

    /// A change of the device `author`, `late` ms after the others, that had seen the log up to `seen`.
    private func said(
        _ value: Value, _ field: Field, by author: UInt64, late: Int64 = 0, counter: UInt16 = 0, seen: UInt64 = 0,
        also: [UInt64] = [], number: UInt64 = 1
    ) throws -> Change {
        let entity: Entity =
            switch field {
            case .subscribed, .frequency: .newsletter(try RandomReaderLog.name("morning"))
            case .consent: .consent(try RandomReaderLog.name("brandOffers"))
            case .ageConfirmed: .reader
            default: article
            }
        let key = try #require(RegisterKey(entity, field))
        let change = Change(
            id: ChangeID(replica: ReplicaID(rawValue: author), number: number),
            stamp: HybridTimestamp(milliseconds: Self.early + late, counter: counter),
            seen: SeenContext(through: seen, also: also), key: key, value: value)
        return try #require(change)
    }

    /// What the log of these changes shows; sequences count from 1.
    private func shown(_ changes: Change..., pending: [Change] = []) throws -> NaiveOutcome {
        var model = NaiveReader()
        for (index, change) in changes.enumerated() {
            model.append(
                LogEntry(sequence: UInt64(index) + 1, received: WallTime(milliseconds: 0), change: change))
        }
        let key = try #require((changes + pending).first?.key)
        return try #require(model.shown(key, pending: pending))
    }

    private func terms(_ wording: String) -> ConsentTerms {
        ConsentTerms(wordingVersion: wording, wordingHash: "", policyVersion: "", termsVersion: "", surface: "cli")
    }

    private func cadence(_ name: String) throws -> Value { .frequency(Cadence(try RandomReaderLog.name(name))) }

    private func shelf() throws -> Field { try #require(Field(text: "x:shelf")) }

    @Test("nothing is shown of a field that nobody set")
    func neverSet() throws {
        let key = try #require(RegisterKey(article, .saved))
        #expect(NaiveReader().shown(key, pending: []) == nil)
    }

    @Test("a change that had seen another takes its place, however early its clock says it is")
    func seenIsReplaced() throws {
        let outcome = try shown(
            said(.progress(9), .progress, by: 1), said(.progress(2), .progress, by: 2, late: -9_000, seen: 1))
        #expect(outcome.value == .progress(2))
        #expect(outcome.standing == .agreed)
        #expect(outcome.competing.count == 1)
    }

    @Test("a single entry beyond the cursor counts as seen, and only that one")
    func seenAlso() throws {
        let outcome = try shown(
            said(.progress(9), .progress, by: 1), said(.progress(8), .progress, by: 2),
            said(.progress(2), .progress, by: 3, also: [1]))
        #expect(outcome.value == .progress(8))
        #expect(outcome.competing.map(\.replica.rawValue) == [2, 3])
    }

    @Test("an author's later change takes the place of the earlier one, seen or not")
    func ownIsReplaced() throws {
        let outcome = try shown(
            said(.flag(true), .saved, by: 1), said(.flag(false), .saved, by: 1, number: 2))
        #expect(outcome.value == .flag(false))
        #expect(outcome.competing.map(\.number) == [2])
    }

    @Test(
        "an author's older change that a restored log has behind a newer one does not count, and still had seen others")
    func overtaken() throws {
        let outcome = try shown(
            said(.progress(9), .progress, by: 2), said(.progress(2), .progress, by: 1, number: 2),
            said(.progress(7), .progress, by: 1, also: [1]))
        #expect(outcome.value == .progress(2))
        #expect(outcome.competing.map(\.number) == [2])
    }

    @Test("an entry that comes again does nothing")
    func redelivery() throws {
        var model = NaiveReader()
        let first = try said(.flag(true), .saved, by: 1)
        let second = try said(.flag(false), .saved, by: 1, number: 2)
        for (sequence, change) in [(1, first), (2, second), (1, first)] as [(UInt64, Change)] {
            model.append(LogEntry(sequence: sequence, received: WallTime(milliseconds: 0), change: change))
        }
        #expect(model.shown(first.key, pending: [])?.value == .flag(false))
        #expect(model.keys == [first.key])
    }

    @Test("an explicit mark beats an implicit one, and that a bulk one, whatever the clocks say")
    func read() throws {
        let deliberate = try shown(
            said(.read(false, by: .explicit), .read, by: 1), said(.read(true, by: .implicit), .read, by: 2, late: 9),
            said(.read(true, by: .bulk), .read, by: 3, late: 99))
        #expect(deliberate.value == .read(false, by: .explicit))
        #expect(deliberate.standing == .settled)
        let opened = try shown(
            said(.read(false, by: .implicit), .read, by: 1), said(.read(true, by: .bulk), .read, by: 2, late: 9))
        #expect(opened.value == .read(false, by: .implicit))
        let later = try shown(
            said(.read(false, by: .bulk), .read, by: 1), said(.read(true, by: .bulk), .read, by: 2, late: -9))
        #expect(later.value == .read(false, by: .bulk))
    }

    @Test("of marks that agree the most deliberate one is shown")
    func readAgreeing() throws {
        let outcome = try shown(
            said(.read(true, by: .explicit), .read, by: 1), said(.read(true, by: .bulk), .read, by: 2, late: 9))
        #expect(outcome.value == .read(true, by: .explicit))
        #expect(outcome.standing == .agreed)
        #expect(outcome.competing.count == 2)
    }

    @Test(
        "saved, a tag, and a declared age win over their contrary",
        arguments: ["saved", "tag:politics", "ageConfirmed"])
    func trueWins(_ name: String) throws {
        let field = try #require(Field(text: name))
        let outcome = try shown(said(.flag(true), field, by: 1), said(.flag(false), field, by: 2, late: 9))
        #expect(outcome.value == .flag(true))
        #expect(outcome.standing == .settled)
        let agreed = try shown(said(.flag(true), field, by: 1, late: 9), said(.flag(true), field, by: 2))
        #expect(agreed.winner.replica.rawValue == 1)
    }

    @Test("the furthest progress wins")
    func progress() throws {
        let outcome = try shown(
            said(.progress(70), .progress, by: 1), said(.progress(69), .progress, by: 2, late: 9))
        #expect(outcome.value == .progress(70))
        #expect(outcome.standing == .settled)
    }

    @Test("of an unknown field the later wins: by stamp, by counter, then by the larger id of its replica")
    func later() throws {
        let (one, two) = (Value.other(.integer(1)), Value.other(.integer(2)))
        let byStamp = try shown(said(one, shelf(), by: 1, late: 1), said(two, shelf(), by: 2, counter: 7))
        #expect(byStamp.value == one)
        let byCounter = try shown(said(one, shelf(), by: 1, counter: 1), said(two, shelf(), by: 2))
        #expect(byCounter.value == one)
        let byReplica = try shown(said(one, shelf(), by: .max), said(two, shelf(), by: 2))
        #expect(byReplica.value == one)
        #expect(byReplica.standing == .settled)
    }

    @Test("unsubscribing wins over any clock, and the reader is asked")
    func subscribed() throws {
        let outcome = try shown(
            said(.flag(false), .subscribed, by: 1), said(.flag(true), .subscribed, by: 2, late: 9))
        #expect(outcome.value == .flag(false))
        #expect(outcome.standing == .open)
    }

    @Test("of several opt-outs the last in the log is the record, not the one with the latest clock")
    func optOutTies() throws {
        let letters = try shown(
            said(.flag(false), .subscribed, by: 1, late: 9), said(.flag(false), .subscribed, by: 2))
        #expect(letters.winner.replica.rawValue == 2)
        let consents = try shown(
            said(.consent(false, terms("1")), .consent, by: 1, late: 9),
            said(.consent(false, terms("2")), .consent, by: 2))
        #expect(consents.value == .consent(false, terms("2")))
        #expect(consents.standing == .agreed)
    }

    @Test("a consent taken back wins over any clock, and the reader is asked")
    func consent() throws {
        let outcome = try shown(
            said(.consent(false, terms("1")), .consent, by: 1),
            said(.consent(true, terms("2")), .consent, by: 2, late: 9))
        #expect(outcome.value == .consent(false, terms("1")))
        #expect(outcome.standing == .open)
    }

    @Test("the rarer mailing holds and the reader is asked; a name that nobody knows counts as the most frequent")
    func frequency() throws {
        let known = try shown(
            said(cadence("monthly"), .frequency, by: 1), said(cadence("weekly"), .frequency, by: 2, late: 9))
        #expect(known.value == (try cadence("monthly")))
        #expect(known.standing == .open)
        let unknown = try shown(
            said(cadence("daily"), .frequency, by: 1), said(cadence("yearly"), .frequency, by: 2, late: 9))
        #expect(unknown.value == (try cadence("daily")))
        let both = try shown(
            said(cadence("hourly"), .frequency, by: 1), said(cadence("yearly"), .frequency, by: 2, late: 9))
        #expect(both.value == (try cadence("yearly")))
    }

    @Test("notes that change different lines are merged, and nobody is asked")
    func notesMerged() throws {
        let outcome = try shown(
            said(.note("A\nb\nc", base: "a\nb\nc"), .note, by: 1),
            said(.note("a\nb\nC\n", base: "a\nb\nc"), .note, by: 2))
        #expect(outcome.value == .note("A\nb\nC\n", base: "a\nb\nc"))
        #expect(outcome.standing == .merged)
    }

    @Test("of notes that change one line differently the later line is shown, and the reader is asked")
    func notesOverlap() throws {
        let outcome = try shown(
            said(.note("x\nb", base: "a\nb"), .note, by: 1, late: 9), said(.note("y\nb", base: "a\nb"), .note, by: 2))
        #expect(outcome.value == .note("x\nb", base: "a\nb"))
        #expect(outcome.standing == .open)
    }

    @Test("a note's base is that of the author's own note which it replaces unseen")
    func noteBaseIsInherited() throws {
        let outcome = try shown(
            said(.note("a\nb\nmine", base: "a\nb"), .note, by: 1),
            said(.note("A\nb\nmine", base: "a\nb\nmine"), .note, by: 1, number: 2),
            said(.note("a\nb\ntheirs", base: "a\nb"), .note, by: 2))
        #expect(outcome.value == .note("A\nb\ntheirs", base: "a\nb"))
        #expect(outcome.standing == .open)
    }

    @Test("of a device's changes without a number the one made last counts")
    func unnumbered() throws {
        let outcome = try shown(
            said(.progress(9), .progress, by: 1, number: 8),
            pending: [
                said(.progress(7), .progress, by: 1, number: 0), said(.progress(2), .progress, by: 1, number: 0),
            ])
        #expect(outcome.value == .progress(2))
        #expect(outcome.competing.count == 1)
    }

    @Test("what a device has not sent stands behind the whole log")
    func pending() throws {
        let own = try said(.flag(false), .subscribed, by: 1)
        let outcome = try shown(
            said(.flag(false), .subscribed, by: 2, late: 9), pending: [said(.flag(true), .saved, by: 1), own])
        #expect(outcome.winner == own.id)
        #expect(outcome.competing.count == 2)
    }

    @Test("lines that a note's author never saw are not taken for lines that they deleted")
    func differentBases() throws {
        // 3 knew nothing of 1, whose line `b` 2 goes on from. In the other order of 2 and 3 the reader is asked.
        let outcome = try shown(
            said(.note("a\nb", base: ""), .note, by: 1),
            said(.note("c\na\nb", base: "a\nb"), .note, by: 2, seen: 1), said(.note("a", base: ""), .note, by: 3))
        #expect(outcome.standing == .open)
    }

    @Test("two spellings of one string in an unknown field are two values")
    func spellings() throws {
        let one = try said(.other(.string("caf\u{E9}")), shelf(), by: 1)
        let two = try said(.other(.string("cafe\u{301}")), shelf(), by: 2)
        #expect(try shown(one, two).standing == .settled)
        var register = Register()
        register.apply(one, at: .logged(1))
        register.apply(two, at: .logged(2))
        #expect(register.outcome?.kind == .settled)
    }
}
