import ArgumentParser
import Glibc
import SyncSimulation

/// Runs simulated worlds and says what broke. `Tools/simulate` builds and starts it.
@main
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate readers, devices, a server and faults, and check every promise.",
        discussion: """
            A run follows from its seed alone: the same options give the same steps. The first line of a failure says \
            which promise broke; the line after it is the command that runs it again.
            """)

    @Option(help: "The first seed.") var seed: UInt64 = 1
    @Option(help: "How many seeds, one after the other.") var runs: UInt64?
    @Option(help: "Run seeds for so many seconds, in place of a number of runs.") var seconds: Double?
    @Option(
        help: ArgumentHelp(
            "all, none, swarm (each seed its own choice), or names with commas between them.",
            discussion: "Names: " + FaultKind.allCases.map(\.rawValue).joined(separator: ", ") + "."))
    var faults = "all"
    @Option(help: "Readers, 1 to 8, in place of what the seed says.") var readers: Int?
    @Option(help: "Devices of each reader, 1 to 6, in place of what the seed says.") var devices: Int?
    @Option(help: "Rounds, in place of what the seed says.") var rounds: Int?
    @Option(help: "Steps of each round, in place of what the seed says.") var steps: Int?
    @Option(help: "Numbers of steps to leave out, as in 3,5-9.") var skip: String?
    @Flag(help: "Run each seed twice, and fail if it did not take the same steps.") var doublecheck = false
    @Flag(help: "Make a failing scenario as small as it gets.") var shrink = false
    @Flag(help: "Stop at the first failure.") var untilFailure = false
    @Flag(help: "Print what happens, step by step.") var verbose = false
    @Flag(help: .hidden) var progress = false

    func validate() throws {
        for (value, limit, name) in [
            (readers, Scenario.mostReaders, "--readers"), (devices, Scenario.mostDevices, "--devices"),
            (rounds, 1_000, "--rounds"), (steps, 1_000_000, "--steps"),
        ] {
            if let value, !(1...limit).contains(value) { throw ValidationError("\(name) is 1 to \(limit)") }
        }
        if faults != "swarm", Scenario.faults(in: faults) == nil {
            throw ValidationError("'\(faults)' names no faults; `simulate --help` lists them")
        }
        if let skip, Scenario.numbers(in: skip) == nil {
            throw ValidationError("'\(skip)' names no steps; write 3,5-9")
        }
        if runs == 0 { throw ValidationError("--runs is at least 1") }
        if let seconds, !(seconds > 0) { throw ValidationError("--seconds is more than 0") }
        if runs != nil, seconds != nil { throw ValidationError("give --runs or --seconds, not both") }
    }

    func run() throws {
        SimulatedDisk.useOneThread()
        let simulation = Simulation()
        var tally = Tally()
        var number: UInt64 = 0
        while seconds.map({ tally.seconds < $0 }) ?? (number < (runs ?? 1)) {
            let scenario = scenario(seed &+ number)
            number += 1
            let outcome = simulation.run(scenario, keepsText: verbose)
            for line in outcome.lines { print(line) }
            tally.add(outcome)
            // For Tools/simulate, which adds up what the processes say.
            if progress, number % 20 == 0 {
                print("progress \(number)")
                fflush(nil)
            }
            var violation = outcome.violation
            if doublecheck, violation == nil {
                let again = simulation.run(scenario).trace
                if again != outcome.trace {
                    violation = Violation(.repeatable, "two runs of one seed took other steps")
                }
            }
            guard let violation else { continue }
            tally.failures += 1
            print("seed \(scenario.seed): \(violation)")
            print("  Tools/simulate \(scenario.options) --verbose")
            if shrink, outcome.violation != nil { printSmallest(Shrinker(simulation).shrink(outcome)) }
            fflush(nil)
            if untilFailure { break }
        }
        print(tally.text)
        if tally.failures > 0 { throw ExitCode(1) }
    }

    private func printSmallest(_ outcome: Simulation.Outcome) {
        print("  the smallest that was found: \(outcome.violation.map { "\($0)" } ?? "")")
        print("  Tools/simulate \(outcome.scenario.options) --verbose")
    }

    private func scenario(_ seed: UInt64) -> Scenario {
        var scenario =
            faults == "swarm" ? Scenario.swarm(seed) : Scenario(seed: seed, faults: Scenario.faults(in: faults) ?? [])
        scenario.readers = readers ?? scenario.readers
        scenario.devices = devices ?? scenario.devices
        scenario.rounds = rounds ?? scenario.rounds
        scenario.steps = steps ?? scenario.steps
        scenario.skipped = skip.flatMap { Scenario.numbers(in: $0) } ?? []
        return scenario
    }
}

/// What many runs came to.
private struct Tally {
    private let begin = ContinuousClock.now
    private var seeds = 0
    private var counts = Simulation.Counts()
    private var trace: UInt64 = 0
    var failures = 0

    mutating func add(_ outcome: Simulation.Outcome) {
        seeds += 1
        counts = counts + outcome.counts
        trace = (trace ^ outcome.trace) &* 0x0000_0100_0000_01b3
    }

    var seconds: Double {
        let duration = ContinuousClock.now - begin
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    var text: String {
        let time = seconds
        return """
            \(seeds) seeds, \(failures) failed; \(counts.total) operations (\(counts.changes) changes made, \
            \(counts.applied) entries applied, \(counts.logged) appended, \(counts.calls) calls of stores, \(counts.messages) messages, \
            \(counts.requests) requests served, \(counts.faults) faults) in \(counts.syncs) syncs; \
            \(Int(Double(counts.total) / time)) operations/s, \(Int(Double(seeds) * 60 / time)) seeds/min; \
            trace \(String(trace, radix: 16))
            """
    }
}
