import ReferenceServer
import SQLiteReplica
import SyncCore
import SyncEngine
import SyncSession

/// Everything of one run: readers with their devices, the server, the publisher, the network between them, and what is
/// known of all of it from outside.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; a world is used by the thread that runs it, tasks included.
final class World: @unchecked Sendable {
    let scenario: Scenario
    let loop = SimulatedLoop()
    let trace: Trace
    let network: SimulatedNetwork
    let server: SimulatedServer
    let nursery: Nursery
    var publisher: Publisher
    private(set) var devices: [SimulatedDevice] = []
    /// Each reader's log as it should be.
    var mirrors: [Mirror]
    /// Changes that the server acknowledged and that no disk holds any more, by what was done to the disks; by what they
    /// say, see ``Mirror/contents``.
    var lost: [Set<ChangeID>]
    /// Names that the server gave to changes whose own were taken.
    var givenNames: Set<ReplicaID> = []
    /// Acknowledged changes that a restored server lacks and that some device holds, in the same way.
    var owed: [Set<ChangeID>]
    /// Articles that each reader marked read, on any device.
    var marked: [Set<ArticleID>]
    /// Where each change came from: by reader and name.
    var origins: [[Saying: [KnownOrigin]]]
    /// Chance of everything that has no dice of its own.
    var dice: Dice
    /// Chance of faults of machines and disks.
    var faultDice: Dice
    /// How often which fault of machines and disks happens.
    var rates = FaultRates()
    /// How a device that died lost power, until it starts again.
    var pendingLoss: [Int: SimulatedDisk.PowerLoss] = [:]
    /// Whether faults may happen now.
    var isQuiet = false
    /// Histories that were read, while nothing changes them.
    var histories: [Int: [ChangeRecord]]? { didSet { if histories == nil { audits = [:] } } }
    /// What came of holding journals against them.
    var audits: [Int: Journal.Audit] = [:]
    /// Names that follow from what changes say, since they take a hash each.
    private var derivedNames: Set<ChangeID> = []
    private var knownNames: [ChangeID: (change: Change, name: ChangeID)] = [:]
    /// Images that were kept.
    var backups = Backups()
    /// Chance of what happens to the server while devices mend what it lost.
    var mendingDice: Dice
    /// In so many of 1,000 requests by which a device mends, the server is put back once more.
    var restoreAgainRate = 0
    /// The device of each reader that synced last.
    var lastToSync: [Int: Int] = [:]
    /// Whether the server was ever put back: it may then have forgotten numbers.
    var wasServerRestored = false
    /// What the server misreads now.
    var deployment: BadDeployment
    /// What went wrong; the run ends at the first.
    private(set) var violation: Violation?
    /// What was done.
    var counts = Simulation.Counts()

    init(_ scenario: Scenario, nursery: Nursery, trace: Trace) throws {
        self.scenario = scenario
        self.nursery = nursery
        self.trace = trace
        dice = Dice(scenario.seed, "world")
        faultDice = Dice(scenario.seed, "faults")
        mendingDice = Dice(scenario.seed, "mending")
        deployment = BadDeployment(seed: scenario.seed)
        network = SimulatedNetwork(loop, trace, seed: scenario.seed)
        SimulatedDisk.seedRandomness(scenario.seed)
        let clock = SimulatedClock(loop)
        let (disk, tokens) = try nursery.serverDisk(clock)
        // Small pages, so that more than one comes of what few devices say.
        var pageDice = Dice(scenario.seed, "pages")
        let pages =
            pageDice.chance(500)
            ? ReferenceServer.Pages() : .init(entries: pageDice.within(1...60), versions: pageDice.within(1...40))
        server = try SimulatedServer(disk, clock, pages)
        publisher = Publisher(seed: scenario.seed)
        mirrors = Array(repeating: Mirror(), count: scenario.readers)
        lost = Array(repeating: [], count: scenario.readers)
        owed = Array(repeating: [], count: scenario.readers)
        marked = Array(repeating: [], count: scenario.readers)
        origins = Array(repeating: [:], count: scenario.readers)
        // Who has the smaller id must not depend on who is the first device.
        let ids = dice.shuffled(Array(1...(scenario.readers * scenario.devices)))
        for reader in 0..<scenario.readers {
            for number in 0..<scenario.devices {
                let id = ReplicaID(rawValue: 0x1000 + UInt64(ids[devices.count]))
                devices.append(
                    try SimulatedDevice(
                        index: devices.count, reader: reader, disk: try nursery.replicaDisk(id),
                        clock: SimulatedClock(loop), token: tokens[reader * Scenario.mostDevices + number],
                        name: Nursery.name(reader, number)))
            }
        }
        trace.time = { [loop] in loop.now }
        network.serve = { [weak self] in await self?.respond(to: $0) }
    }

    /// A reader's devices.
    func devices(of reader: Int) -> [SimulatedDevice] { devices.filter { $0.reader == reader } }

    /// Adds a device: the copy of another.
    func add(_ device: SimulatedDevice) { devices.append(device) }

    /// The name that follows from what a change says.
    func name(of change: Change) -> ChangeID {
        if let known = knownNames[change.id], known.change.says(sameAs: change) { return known.name }
        // One that goes by such a name already keeps it.
        let name = derivedNames.contains(change.id) ? change.id : change.nameWhereTaken
        derivedNames.insert(name)
        knownNames[change.id] = (change, name)
        return name
    }

    /// Notes that a promise does not hold. The first counts; later ones may follow from it.
    func report(_ promise: Violation.Promise, _ detail: String) {
        if violation == nil { violation = Violation(promise, detail) }
    }

    /// What was done, everywhere.
    var finalCounts: Simulation.Counts {
        var counts = counts
        counts.messages = network.messages
        counts.requests = server.requests
        return counts
    }

    // MARK: What a sync's calls tell

    /// A device's sync is about to call its store.
    func willCall(_ device: SimulatedDevice, _ call: StaticString) {
        counts.calls += 1
        trace.note(.call, UInt64(device.index), UInt64(call.utf8CodeUnitCount), text: "\(device.index) \(call)")
        if !isQuiet { disturb(device) }
    }

    /// It has called it.
    func didCall(_ device: SimulatedDevice, _ call: StaticString) {
        if !isQuiet { disturb(device) }
        if device.disk.isCrashed { stop(device) }
    }

    /// The call failed.
    func failed(_ device: SimulatedDevice, _ call: StaticString, _ error: any Error) {
        if device.disk.isCrashed { return stop(device) }
        guard !device.expectsFailures else { return }
        report(.error, "device \(device.index): \(call): \(error)")
    }

    /// A device is about to put a page of a snapshot aside. With the snapshot it will know all that the log had up to its
    /// cursor, whatever the log is by then.
    func willStage(_ page: SnapshotPage, _ device: SimulatedDevice) {
        refreshMirrors()
        guard let log = mirrors[device.reader].log(upTo: page.cursor.sequence, with: page.versions) else { return }
        device.journal.learn(log.map(\.change.id))
    }

    /// A device is about to take a new identity.
    func willRenew(_ device: SimulatedDevice) {
        // Numbers stand: whose disk was never copied nor put back, and whose server never forgot any, has no reason.
        if !device.wasCopied, !wasServerRestored {
            report(.conservation, "device \(device.index) takes a new identity, and nobody else had its own")
        }
        // What was sent under the old identity and not answered is sent again under the new one; another replica may
        // bring the first one back as well. Then it stands in the log twice.
        device.wasCopied = true
    }

    /// A device's sync came to its end.
    func synced(_ device: SimulatedDevice, _ result: Result<SyncReport, SyncEngineError>) {
        counts.syncs += 1
        lastToSync[device.reader] = device.index
        trace.note(.sync, UInt64(device.index), text: "\(device.index) \(Self.summary(result))")
    }

    private static func summary(_ result: Result<SyncReport, SyncEngineError>) -> String {
        switch result {
        case .success(let report):
            "acknowledged \(report.state.acknowledged), received \(report.state.received), \(report.repairs)"
                + (report.failure.map { " failed: \($0)" } ?? "")
        case .failure(let error): "failed: \(error)"
        }
    }

    /// Takes in what the server's logs have beyond the mirrors.
    func refreshMirrors() {
        guard let store = server.store, server.isUp else { return }
        for reader in mirrors.indices {
            do {
                let log = try store.log(of: Nursery.name(reader), after: mirrors[reader].head)
                if log.head < mirrors[reader].head {
                    report(.acknowledged, "reader \(reader)'s log ends at \(log.head), before \(mirrors[reader].head)")
                }
                counts.logged += log.entries.count
                if let gap = mirrors[reader].extend(by: log.entries, name: name(of:)) {
                    report(.cursor, "reader \(reader): \(gap)")
                }
            } catch {
                if !server.expectsFailures { report(.error, "the server's log: \(error)") }
            }
        }
    }
}
