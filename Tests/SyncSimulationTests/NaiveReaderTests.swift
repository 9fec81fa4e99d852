import SyncCore
import SyncTestKit
import Testing

@testable import SyncSimulation

@Suite("The naive model and the engine")
struct NaiveReaderTests {
    /// How often each kind of outcome of each field was compared, with several changes that count.
    private struct Coverage {
        var contested: [String: Int] = [:]
        var withPending = 0
        var withAlso = 0
        var withOvertaken = 0
    }

    @Test("the model and the engine's registers show the same of 2,000 random logs, and of every device's view of them")
    func sameAsEngine() throws {
        var coverage = Coverage()
        for seed in 0..<UInt64(2_000) {
            let log = try RandomReaderLog(seed: seed)
            var views = [(entries: log.entries, pending: [Change]())]
            for device in log.devices {
                views.append((Array(log.entries.prefix(Int(device.cursor))), device.pending.map(\.change)))
            }
            for view in views {
                let model = model(view.entries)
                for key in log.keys {
                    guard differ(model, view.entries, view.pending, key, &coverage) else { continue }
                    let least = shrunk(view.entries, view.pending, key)
                    Issue.record("seed \(seed), \(key.field.text):\n\(story(least.0, least.1, key))")
                    return
                }
            }
        }
        for field in ["read", "saved", "progress", "tag:politics", "ageConfirmed", "x:shelf"] {
            #expect(coverage.contested["\(field) settled", default: 0] > 100, "\(field)")
        }
        for field in ["subscribed", "frequency", "consent", "note"] {
            #expect(coverage.contested["\(field) open", default: 0] > 100, "\(field)")
        }
        for field in ["read", "subscribed", "frequency", "consent", "x:shelf", "note"] {
            #expect(coverage.contested["\(field) agreed", default: 0] > 20, "\(field)")
        }
        #expect(coverage.contested["note merged", default: 0] > 100)
        #expect(coverage.withPending > 500)
        #expect(coverage.withAlso > 500)
        #expect(coverage.withOvertaken > 100)
    }

    @Test("the model and the engine merge 4,000 random triples of texts alike")
    func sameLines() {
        var random = SeededRandom(seed: 7)
        func text() -> String {
            let lines = (0..<Int.random(in: 0...10, using: &random)).map { _ in
                ["a", "b", "c", "", "a\r", "caf\u{E9}", "cafe\u{301}"][Int.random(in: 0..<7, using: &random)]
            }
            return lines.joined(separator: "\n")
        }
        for _ in 0..<4_000 {
            let (base, one, two, isLater) = (text(), text(), text(), Bool.random(using: &random))
            expectSameLines(base, one, two, isLater)
        }
    }

    @Test("the model and the engine stop matching lines at the same size", arguments: [1_000, 1_001])
    func sameLimit(lines: Int) {
        // Every line but the first and last is in both, so that all hangs on whether the middle is matched.
        let middle = (0..<(lines - 2)).map { "\($0)" }
        let base = (["a"] + middle + ["b"]).joined(separator: "\n")
        let one = (["c"] + middle + ["d"]).joined(separator: "\n")
        expectSameLines(base, one, base + "\nlast", false)
        let merged = NaiveLines.merge(base: base, one, base + "\nlast", secondIsLater: true)
        #expect(merged.overlaps)
        #expect(merged.text.hasPrefix("c") == (lines == 1_000))
    }

    private func expectSameLines(_ base: String, _ one: String, _ two: String, _ isLater: Bool) {
        let model = NaiveLines.merge(base: base, one, two, secondIsLater: isLater)
        let engine = LineMerge.merge(base: base, one, two, secondIsLater: isLater)
        #expect(model.text.utf8.elementsEqual(engine.text.utf8), "\([base, one, two])")
        #expect(model.overlaps == engine.overlaps, "\([base, one, two])")
    }

    private func engine(_ entries: [LogEntry], _ pending: [Change], _ key: RegisterKey) -> Register {
        var register = Register()
        for entry in entries where entry.change.key == key {
            register.apply(entry.change, at: .logged(entry.sequence))
        }
        for (index, change) in pending.enumerated() where change.key == key {
            register.apply(change, at: .pending(UInt64(index)))
        }
        return register
    }

    private func model(_ entries: [LogEntry]) -> NaiveReader {
        var model = NaiveReader()
        for entry in entries { model.append(entry) }
        return model
    }

    private func differ(
        _ model: NaiveReader, _ entries: [LogEntry], _ pending: [Change], _ key: RegisterKey,
        _ coverage: inout Coverage
    ) -> Bool {
        let expected = model.shown(key, pending: pending)
        let register = engine(entries, pending, key)
        guard let expected, let outcome = register.outcome else {
            return expected != nil || register.outcome != nil
        }
        if expected.competing.count > 1 {
            coverage.contested["\(key.field.text) \(expected.standing.rawValue)", default: 0] += 1
        }
        if pending.contains(where: { $0.key == key }) { coverage.withPending += 1 }
        if entries.contains(where: { !$0.change.seen.also.isEmpty }) { coverage.withAlso += 1 }
        let said = entries.map(\.change).filter { $0.key == key }
        let numbers = Dictionary(grouping: said, by: \.id.replica).values.map { $0.map(\.id.number) }
        if numbers.contains(where: { $0 != $0.sorted() }) { coverage.withOvertaken += 1 }
        return outcome.kind.rawValue != expected.standing.rawValue || !same(outcome.value, expected.value)
            || outcome.winner.change.id != expected.winner
            || register.versions.map(\.change.id) != expected.competing
    }

    private func same(_ one: Value, _ other: Value) -> Bool {
        if case (.note(let mine, let from), .note(let theirs, let base)) = (one, other) {
            return mine.utf8.elementsEqual(theirs.utf8) && from.utf8.elementsEqual(base.utf8)
        }
        return one == other
    }

    /// The fewest changes of `key` that still make the difference.
    private func shrunk(_ entries: [LogEntry], _ pending: [Change], _ key: RegisterKey) -> ([LogEntry], [Change]) {
        var (entries, pending) = (entries.filter { $0.change.key == key }, pending.filter { $0.key == key })
        var ignored = Coverage()
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for index in entries.indices.reversed() {
                var fewer = entries
                fewer.remove(at: index)
                if differ(model(fewer), fewer, pending, key, &ignored) { (entries, isSmaller) = (fewer, true) }
            }
            for index in pending.indices.reversed() {
                var fewer = pending
                fewer.remove(at: index)
                if differ(model(entries), entries, fewer, key, &ignored) { (pending, isSmaller) = (fewer, true) }
            }
        }
        return (entries, pending)
    }

    private func story(_ entries: [LogEntry], _ pending: [Change], _ key: RegisterKey) -> String {
        let changes = entries.map { ("\($0.sequence)", $0.change) } + pending.map { ("pending", $0) }
        let lines = changes.map { place, change in
            "\(place): \(change.id) at \(change.stamp) saw \(change.seen.through) \(change.seen.also): \(change.value)"
        }
        let register = engine(entries, pending, key)
        let naive = model(entries).shown(key, pending: pending)
        return
            (lines + [
                "engine: \(register.outcome.map { "\($0.kind) \($0.value) by \($0.winner.change.id)" } ?? "nothing")",
                "        of \(register.versions.map(\.change.id))", "model: \(naive.map { "\($0)" } ?? "nothing")",
            ]).joined(separator: "\n")
    }
}
