import SyncCore

/// Runs scenarios. Each run is a world of its own, and comes out the same whenever it is run.
public struct Simulation: Sendable {
    /// What came of a run.
    public struct Outcome: Sendable {
        /// What was run.
        public var scenario: Scenario
        /// The promise that did not hold; `nil` if all did.
        public var violation: Violation?
        /// A hash of everything that happened.
        public var trace: UInt64
        /// What happened, line by line, if that was kept.
        public var lines: [String]
        /// Operations: changes that readers made, calls of syncs to their stores, requests and answers, faults.
        public var operations: Int
        /// Changes that readers made, part of ``operations``.
        public var changes: Int
        /// Syncs that came to an end.
        public var syncs: Int
    }

    private let nursery: Nursery

    /// Makes a simulation; keep it for many runs.
    public init(nursery: Nursery = Nursery()) {
        self.nursery = nursery
    }

    /// Runs a scenario.
    ///
    /// - Parameter keepsText: whether to keep what happens line by line.
    public func run(_ scenario: Scenario, keepsText: Bool = false) -> Outcome {
        let trace = Trace(keepsText: keepsText)
        let world: World
        do {
            world = try World(scenario, nursery: nursery, trace: trace)
        } catch {
            return Outcome(
                scenario: scenario, violation: Violation(.error, "the world cannot be made: \(error)"),
                trace: trace.hash, lines: trace.lines, operations: 0, changes: 0, syncs: 0)
        }
        var step = 0
        for _ in 0..<scenario.rounds where world.violation == nil {
            world.drawRates()
            for _ in 0..<scenario.steps where world.violation == nil {
                step += 1
                if !scenario.skipped.contains(step) { world.perform(step) }
                world.checkServer()
            }
            if world.violation == nil { world.beQuiet() }
        }
        if world.violation == nil { world.checkEnd() }
        world.end()
        return Outcome(
            scenario: scenario, violation: world.violation, trace: trace.hash, lines: trace.lines,
            operations: world.operations, changes: world.counts.changes, syncs: world.counts.syncs)
    }
}
