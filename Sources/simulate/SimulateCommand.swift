import ArgumentParser
import SyncSimulation

/// Runs simulated worlds and says what broke.
@main
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate readers, devices, a server and faults, and check every promise.")

    @Option(help: "The first seed.") var seed: UInt64 = 1
    @Option(help: "How many seeds, one after the other.") var runs: UInt64 = 1
    @Option(help: "Kinds of faults: all, none, swarm, or names with commas between them.") var faults = "all"
    @Option(help: "Readers, 1 to 8, in place of what the seed says.") var readers: Int?
    @Option(help: "Devices of each reader, 1 to 6, in place of what the seed says.") var devices: Int?
    @Option(help: "Rounds, in place of what the seed says.") var rounds: Int?
    @Option(help: "Steps of each round, in place of what the seed says.") var steps: Int?
    @Option(help: "Numbers of steps to leave out, as in 3,5-9.") var skip: String?
    @Flag(help: "Make a failing scenario as small as it gets.") var shrink = false
    @Flag(help: "Print what happens.") var verbose = false

    func run() throws {
        let simulation = Simulation()
        let begin = ContinuousClock.now
        var (operations, changes, syncs, failures) = (0, 0, 0, 0)
        for number in 0..<runs {
            let scenario = try scenario(seed &+ number)
            var outcome = simulation.run(scenario, keepsText: verbose)
            for line in outcome.lines { print(line) }
            operations += outcome.operations
            changes += outcome.changes
            syncs += outcome.syncs
            guard let violation = outcome.violation else { continue }
            failures += 1
            print("seed \(scenario.seed): \(violation)")
            if shrink {
                outcome = Shrinker(simulation).shrink(outcome)
                print("shrunk: \(outcome.scenario.options)")
                print(outcome.violation.map { "\($0)" } ?? "")
            }
        }
        let seconds = Self.seconds(ContinuousClock.now - begin)
        print(
            "\(runs) seeds, \(failures) failed; \(operations) operations, \(changes) of them changes, \(syncs) syncs; "
                + "\(Int(Double(operations) / seconds)) operations/s, \(Int(Double(runs) * 60 / seconds)) seeds/min")
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private func scenario(_ seed: UInt64) throws -> Scenario {
        guard let kinds = Scenario.faults(in: faults) else { throw ValidationError("no such fault in '\(faults)'") }
        var scenario = Scenario(seed: seed, faults: kinds)
        scenario.readers = readers ?? scenario.readers
        scenario.devices = devices ?? scenario.devices
        scenario.rounds = rounds ?? scenario.rounds
        scenario.steps = steps ?? scenario.steps
        if let skip {
            guard let numbers = Scenario.numbers(in: skip) else { throw ValidationError("'\(skip)' are no numbers") }
            scenario.skipped = numbers
        }
        return scenario
    }
}


