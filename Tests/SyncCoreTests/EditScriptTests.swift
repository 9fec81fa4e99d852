import SyncCore
import SyncTestKit
import Testing

@Suite("What makes one sequence into another")
struct EditScriptTests {
    @Test("a script holds both sequences whole, and keeps only what is equal", arguments: 0..<200)
    func holdsBoth(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = Int.random(in: 1...6, using: &random)
        let old = (0..<Int.random(in: 0...40, using: &random)).map { _ in Int.random(in: 0..<alphabet, using: &random) }
        let new = (0..<Int.random(in: 0...40, using: &random)).map { _ in Int.random(in: 0..<alphabet, using: &random) }
        for limit in [0, 3, EditScript.maximumEdits] {
            let script = EditScript(from: old, to: new, limit: limit)
            var (o, n) = (0, 0)
            for run in script.runs {
                #expect(run.old.lowerBound == o && run.new.lowerBound == n)
                (o, n) = (run.old.upperBound, run.new.upperBound)
                switch run.kind {
                case .keep: #expect(Array(old[run.old]) == Array(new[run.new]) && !run.old.isEmpty)
                case .remove: #expect(run.new.isEmpty && !run.old.isEmpty)
                case .insert: #expect(run.old.isEmpty && !run.new.isEmpty)
                }
            }
            #expect(o == old.count && n == new.count)
            for (first, second) in zip(script.runs, script.runs.dropFirst()) {
                #expect(first.kind != second.kind && !(first.kind == .insert && second.kind == .remove))
            }
            if script.isShortest { #expect(kept(script) == longestCommon(old, new)) }
        }
    }

    @Test("beyond the bound all between what begins and ends alike is replaced")
    func bounded() {
        let script = EditScript(from: [1, 2, 3, 4, 9], to: [1, 5, 3, 6, 9], limit: 3)
        #expect(!script.isShortest)
        #expect(
            script.runs == [
                EditScript.Run(.keep, old: 0..<1, new: 0..<1), EditScript.Run(.remove, old: 1..<4, new: 1..<1),
                EditScript.Run(.insert, old: 4..<4, new: 1..<4), EditScript.Run(.keep, old: 4..<5, new: 4..<5),
            ])
        #expect(EditScript(from: [1, 2, 3, 4, 9], to: [1, 5, 3, 6, 9], limit: 4).isShortest)
    }

    @Test("long sequences with nothing in common are found to be so within the bound")
    func nothingInCommon() {
        let script = EditScript(from: Array(0..<50_000), to: Array(50_000..<100_000))
        #expect(!script.isShortest)
        #expect(script.runs.map(\.kind) == [.remove, .insert])
    }

    private func kept(_ script: EditScript) -> Int {
        script.runs.filter { $0.kind == .keep }.reduce(0) { $0 + $1.old.count }
    }

    /// By the table that every textbook has.
    private func longestCommon(_ old: [Int], _ new: [Int]) -> Int {
        var row = [Int](repeating: 0, count: new.count + 1)
        for element in old {
            var diagonal = 0
            for (index, other) in new.enumerated() {
                let above = row[index + 1]
                row[index + 1] = element == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[new.count]
    }
}
