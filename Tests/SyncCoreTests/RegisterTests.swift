import SyncCore
import SyncTestKit
import Testing

@Suite("A register")
struct RegisterTests {
    @Test("shows nothing before its first change")
    func empty() {
        #expect(Register().outcome == nil)
    }

    @Test("a pending change is behind all logged ones, and counts as unseen by them")
    func pendingBehindLogged() throws {
        var register = Register()
        register.apply(try change(bob, 1, .saved, .flag(false), at: 5), at: .logged(9))
        register.apply(try change(alice, 0, .saved, .flag(true), seen: 8), at: .pending(1))
        #expect(register.versions.count == 2)
        #expect(register.outcome?.value == .flag(true))
        #expect(register.outcome?.kind == .settled)
    }

    @Test("a change that is applied says which versions it replaced")
    func replaced() throws {
        var register = Register()
        let first = try change(alice, 1, .saved, .flag(true))
        register.apply(first, at: .logged(1))
        let replaced = register.apply(try change(bob, 1, .saved, .flag(false), seen: 1), at: .logged(2))
        #expect(replaced?.map(\.change) == [first])
    }

    @Test("a change at or before the last position is already part of it")
    func redelivery() throws {
        var register = Register()
        register.apply(try change(alice, 1, .saved, .flag(true)), at: .logged(1))
        register.apply(try change(bob, 1, .saved, .flag(false)), at: .logged(2))
        let before = register
        #expect(register.apply(try change(alice, 1, .saved, .flag(true)), at: .logged(1)) == nil)
        #expect(register == before)
    }

    @Test("no clock, however wrong, decides between a change and one that saw it")
    func clockNeverBeatsCausality() throws {
        var register = Register()
        register.apply(try change(alice, 1, .progress, .progress(9_000), at: 315_360_000_000), at: .logged(1))
        register.apply(try change(bob, 1, .progress, .progress(10), seen: 1, at: -315_360_000_000), at: .logged(2))
        #expect(register.outcome?.value == .progress(10))
        #expect(register.outcome?.kind == .agreed)
    }

    @Test("an older change that comes after a newer one of its author is overtaken, and takes nothing away")
    func overtaken() throws {
        var register = Register()
        let later = try change(alice, 2, .saved, .flag(false))
        register.apply(later, at: .logged(1))
        #expect(register.apply(try change(alice, 1, .saved, .flag(true)), at: .logged(2)) == [])
        #expect(register.versions.map(\.change) == [later])
    }

    @Test("an overtaken change still takes the place of what it had seen")
    func overtakenHadSeen() throws {
        var register = Register()
        register.apply(try change(bob, 1, .saved, .flag(true)), at: .logged(1))
        register.apply(try change(alice, 2, .saved, .flag(false)), at: .logged(2))
        register.apply(try change(alice, 1, .saved, .flag(true), seen: 1), at: .logged(3))
        #expect(register.versions.map(\.change.id.replica) == [alice])
    }

    @Test("there is at most one version of each author")
    func bounded() throws {
        var random = SeededRandom(seed: 7)
        var register = Register()
        for sequence in 1...500 {
            let author = [alice, bob, carol].randomElement(using: &random) ?? alice
            let seen = UInt64.random(in: 0..<UInt64(sequence), using: &random)
            register.apply(
                try change(author, UInt64(sequence), .saved, .flag(.random(using: &random)), seen: seen),
                at: .logged(UInt64(sequence)))
            #expect(Set(register.versions.map(\.change.id.replica)).count == register.versions.count)
        }
    }

    @Test("over random histories, no opt-in is shown while an opt-out that it had not seen counts", arguments: 0..<50)
    func optOutAlwaysWins(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let letter = Entity.newsletter(try #require(EntityName("weekly")))
        var register = Register()
        var history: [(sequence: UInt64, change: Change)] = []
        var numbers: [ReplicaID: UInt64] = [:]
        for sequence in UInt64(1)...40 {
            let author = [alice, bob, carol].randomElement(using: &random) ?? alice
            numbers[author, default: 0] += 1
            let made = try change(
                author, numbers[author] ?? 1, .subscribed, .flag(.random(using: &random)),
                seen: UInt64.random(in: 0..<sequence, using: &random),
                at: Int64.random(in: -1_000...1_000, using: &random), entity: letter)
            register.apply(made, at: .logged(sequence))
            history.append((sequence, made))
            guard register.outcome?.value == .flag(true) else { continue }
            // Every opt-out in the whole history was seen, directly, by some later change that still stands or was
            // itself seen: so at least one change after it must have it in its context or be its author's own.
            for (at, out) in history where out.value == .flag(false) {
                let answered = history.contains { later in
                    later.sequence > at
                        && (later.change.seen.contains(at) || later.change.id.replica == out.id.replica)
                }
                #expect(answered, "an opt-out at \(at) was passed over")
            }
        }
    }
}
