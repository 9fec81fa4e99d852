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
        /// What was done.
        public var counts: Counts
    }

    /// What was done in a run.
    public struct Counts: Hashable, Sendable {
        /// Changes that readers made.
        public var changes = 0
        /// Entries of logs and catalogs, and versions of snapshots, that devices applied.
        public var applied = 0
        /// Entries that the server appended to its logs.
        public var logged = 0
        /// Calls of syncs to their stores.
        public var calls = 0
        /// Requests and answers that were sent.
        public var messages = 0
        /// Requests that the server answered.
        public var requests = 0
        /// Faults that happened to machines and disks.
        public var faults = 0
        /// Syncs that came to an end. Not part of ``total``, since their calls are.
        public var syncs = 0

        /// Nothing.
        public init() {}

        /// All operations.
        public var total: Int { changes + applied + logged + calls + messages + requests + faults }

        /// Adds up.
        public static func + (left: Counts, right: Counts) -> Counts {
            var sum = left
            sum.changes += right.changes
            sum.applied += right.applied
            sum.logged += right.logged
            sum.calls += right.calls
            sum.messages += right.messages
            sum.requests += right.requests
            sum.faults += right.faults
            sum.syncs += right.syncs
            return sum
        }
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
                trace: trace.hash, lines: trace.lines, counts: Counts())
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
            counts: world.finalCounts)
    }
}
