import SyncCore
import SyncSession
import Testing

@Suite("A push session") struct PushSessionTests {
    private let author = ReplicaID(rawValue: 1)
    private let now = WallTime(milliseconds: 1_000_000)

    private func context(
        highWater: UInt64 = 0, records: [UInt64: NumberRecord] = [:], cursor: UInt64 = 0
    ) -> PushContext {
        PushContext(
            highWater: highWater, records: records, cursor: cursor, now: now, wordings: [:], ageConfirmed: false,
            cadences: [:])
    }

    private func change(_ number: UInt64, confirmed: Bool = true) throws -> Change {
        let key = try #require(RegisterKey(.reader, .ageConfirmed))
        return try #require(
            Change(
                id: ChangeID(replica: author, number: number), stamp: HybridTimestamp(milliseconds: 1),
                seen: SeenContext(through: 0), key: key, value: .flag(confirmed)))
    }

    private func item(_ change: Change) -> PushedItem {
        PushedItem(number: change.id.number, content: .change(change))
    }

    private func unreadable(_ number: UInt64, _ digest: Digest128) -> PushedItem {
        PushedItem(number: number, content: .unreadable(.malformed, "no"), messageDigest: digest)
    }

    @Test("admits changes in order and counts their numbers as used")
    func admits() throws {
        var session = PushSession(context())
        for number in UInt64(1)...3 { try session.take(item(change(number))) }
        #expect(session.admitted.map(\.change.id.number) == [1, 2, 3] && session.highWater == 3)
        #expect(session.spent.isEmpty && session.refused.isEmpty)
    }

    @Test("has nothing to do for what is on record with the same digest")
    func duplicate() throws {
        let known = try change(1)
        var session = PushSession(context(highWater: 1, records: [1: NumberRecord(digest: known.contentDigest)]))
        try session.take(item(known))
        #expect(session.admitted.isEmpty && session.refused.isEmpty && session.highWater == 1)
    }

    @Test("says which redelivered changes no page will bring", arguments: [nil, 5, 6] as [UInt64?])
    func settled(sequence: UInt64?) throws {
        let known = try change(1)
        let record = NumberRecord(digest: known.contentDigest, sequence: sequence)
        var session = PushSession(context(highWater: 1, records: [1: record], cursor: 5))
        for _ in 0..<2 { try session.take(item(known)) }
        #expect(session.settled == (sequence == 6 ? [] : [1]))
    }

    @Test("stops at a number that is on record with another digest, or no longer on record")
    func forked() throws {
        let known = try change(1)
        let onRecord: [UInt64: NumberRecord] = [1: NumberRecord(digest: known.contentDigest)]
        for records in [onRecord, [:]] {
            var session = PushSession(context(highWater: 1, records: records))
            let other = item(try change(1, confirmed: false))
            #expect(throws: PushStop.forked(number: 1)) { try session.take(other) }
        }
    }

    @Test("stops at a gap, also before what cannot be read")
    func gap() throws {
        var session = PushSession(context())
        let far = item(try change(2))
        #expect(throws: PushStop.gap(number: 2, expected: 1)) { try session.take(far) }
        #expect(throws: PushStop.gap(number: 3, expected: 1)) { try session.take(unreadable(3, .zero)) }
    }

    @Test("refuses what cannot be read by its number, and the next goes on")
    func refuses() throws {
        var session = PushSession(context())
        try session.take(unreadable(1, Digest128(high: 0, low: 7)))
        try session.take(item(change(2)))
        #expect(session.refused.map(\.number) == [1] && session.admitted.count == 1 && session.highWater == 2)
        #expect(session.spent.map(\.digest) == [Digest128(high: 0, low: 7)])
    }

    @Test("repeats a refusal once for what was refused before, and uses up no number again")
    func refusedAgain() throws {
        let digest = Digest128(high: 0, low: 7)
        let refusal = Refusal(number: 1, code: .malformed, detail: "no")
        var session = PushSession(
            context(highWater: 1, records: [1: NumberRecord(digest: digest, refusal: refusal)]))
        try session.take(unreadable(1, digest))
        try session.take(unreadable(1, digest))
        #expect(session.refused == [refusal] && session.spent.isEmpty)
        #expect(throws: PushStop.forked(number: 1)) { try session.take(unreadable(1, .zero)) }
    }
}
