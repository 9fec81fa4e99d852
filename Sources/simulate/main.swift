import SyncSimulation

let simulation = Simulation()
let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
let first = arguments.first ?? 1
let count = arguments.dropFirst().first ?? 1
for seed in first..<(first + count) {
    let scenario = Scenario(seed: seed, faults: count == 1 && arguments.count > 2 ? [] : Set(FaultKind.allCases))
    let outcome = simulation.run(scenario, keepsText: count == 1)
    if count == 1 { for line in outcome.lines { print(line) } }
    print(seed, outcome.operations, outcome.changes, outcome.syncs, outcome.trace, outcome.violation.map { "\($0)" } ?? "ok")
}
