/// Makes a failing scenario smaller as long as the same promise is broken: fewer rounds, steps, readers, devices and
/// kinds of faults, and then single steps left out (Zeller, Hildebrandt, "Simplifying and Isolating Failure-Inducing
/// Input", 2002).
public struct Shrinker: Sendable {
    private let simulation: Simulation
    /// Most runs that are tried.
    private let limit: Int

    /// Makes a shrinker.
    public init(_ simulation: Simulation, limit: Int = 300) {
        self.simulation = simulation
        self.limit = limit
    }

    /// The smallest scenario found that breaks the promise that `failing` breaks.
    public func shrink(_ failing: Simulation.Outcome) -> Simulation.Outcome {
        guard let promise = failing.violation?.promise else { return failing }
        var search = Search(simulation: simulation, promise: promise, best: failing, left: limit)
        search.cutSteps()
        search.dropFaults()
        search.reduce()
        search.dropFaults()
        search.cutSteps()
        search.skipSteps()
        search.dropFaults()
        return search.best
    }
}

private struct Search {
    let simulation: Simulation
    let promise: Violation.Promise
    var best: Simulation.Outcome
    var left: Int

    /// Takes a scenario over if it still fails.
    private mutating func accepts(_ scenario: Scenario) -> Bool {
        guard left > 0, scenario != best.scenario else { return false }
        left -= 1
        let outcome = simulation.run(scenario)
        guard outcome.violation?.promise == promise else { return false }
        best = outcome
        return true
    }

    /// Fewer rounds, and then fewer steps of each.
    mutating func cutSteps() {
        while best.scenario.rounds > 1 {
            var scenario = best.scenario
            scenario.rounds -= 1
            guard accepts(scenario) else { break }
        }
        var cut = best.scenario.steps / 2
        while cut > 0 {
            var scenario = best.scenario
            scenario.steps -= min(cut, scenario.steps)
            if !accepts(scenario) { cut /= 2 }
        }
    }

    mutating func dropFaults() {
        for kind in FaultKind.allCases where best.scenario.faults.contains(kind) {
            var scenario = best.scenario
            scenario.faults.remove(kind)
            _ = accepts(scenario)
        }
    }

    /// Fewer readers and devices.
    mutating func reduce() {
        for readers in 1..<max(2, best.scenario.readers) where readers < best.scenario.readers {
            var scenario = best.scenario
            scenario.readers = readers
            if accepts(scenario) { break }
        }
        for devices in 1..<max(2, best.scenario.devices) where devices < best.scenario.devices {
            var scenario = best.scenario
            scenario.devices = devices
            if accepts(scenario) { break }
        }
    }

    /// Leaves steps out, in ever smaller pieces.
    mutating func skipSteps() {
        let count = best.scenario.rounds * best.scenario.steps
        var size = max(1, count / 4)
        while left > 0 {
            var from = 1
            while from <= count {
                var scenario = best.scenario
                scenario.skipped.formUnion(from..<min(from + size, count + 1))
                _ = accepts(scenario)
                from += size
            }
            if size == 1 { return }
            size /= 2
        }
    }
}
