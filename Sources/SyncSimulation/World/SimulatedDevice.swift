import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncEngine
import SyncPorts
import SyncSession
import SyncTestKit

/// One device of a reader: a real replica on a simulated disk, and the engine that syncs it.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; a device belongs to one world.
final class SimulatedDevice: @unchecked Sendable {
    /// The replica's name on the disk.
    static let file = "replica.sqlite"

    /// Its place in the world.
    let index: Int
    /// Whose it is.
    let reader: Int
    let disk: SimulatedDisk
    let clock: SimulatedClock
    /// What it says to the server of itself.
    var token: String
    /// What the server's list of devices calls it.
    var name: String
    /// Whether its token was revoked.
    var isRevoked = false
    /// The open replica; `nil` while the device is off.
    private(set) var replica: Replica?
    /// Counts its starts: what belongs to an earlier one is over.
    private(set) var incarnation = 0
    /// The sync that runs.
    private(set) var sync: Task<Void, Never>?
    /// How the last sync ended.
    private(set) var lastSync: Result<SyncReport, SyncEngineError>?
    /// Whether errors of its disk are to be expected: a fault was put there.
    var expectsFailures = false { didSet { mayBeDamaged = true } }
    /// Whether anything but its own writes happened to its file since its pages were looked at.
    var mayBeDamaged = false
    /// What its reader did, to be held against what it says later.
    var journal = Journal()
    /// What a look at where its changes came from depends on.
    struct Traced: Hashable {
        /// A hash of the names of its own changes.
        var own: Int
        /// How many acts its journal has.
        var acts: Int
    }
    /// How it was when that was looked at last.
    var traced: Traced?
    /// The differences that it listed in the last quiet period, with their sides.
    var listed: [String: Set<ChangeID>] = [:]
    /// Whether another machine once had, or has, a copy of its disk, or it was itself put back to an old one.
    var wasCopied = false

    /// Starts on a disk that holds a replica.
    init(index: Int, reader: Int, disk: SimulatedDisk, clock: SimulatedClock, token: String, name: String) throws {
        self.index = index
        self.reader = reader
        self.disk = disk
        self.clock = clock
        self.token = token
        self.name = name
        try boot()
    }

    /// Whether it is on.
    var isUp: Bool { replica != nil && !disk.isCrashed }
    /// Whether the server did not take its token at the last sync.
    var isTurnedAway: Bool {
        if case .success(let report) = lastSync { report.failure?.code == .unauthorized } else { false }
    }
    /// Whether it syncs now.
    var isSyncing: Bool { sync != nil }

    /// Starts on what the disk holds.
    func boot() throws {
        mayBeDamaged = incarnation > 0
        incarnation += 1
        replica = try Replica(opening: disk.path(Self.file), files: DiskFiles(disk))
    }

    /// Ends everything that runs on it, at once.
    func stop() {
        sync?.cancel()
        sync = nil
        // A process that is ended closes nothing: what it had open does no more to the disk.
        disk.powerCycle(.none)
        replica = nil
        incarnation += 1
    }

    /// Syncs once, beside whatever else happens.
    func startSync(in world: World) {
        guard let replica, isUp, sync == nil else { return }
        let store = WatchedStore(replica: replica, device: self, world: world, incarnation: incarnation)
        let remote: HTTPRemote
        do {
            remote = try HTTPRemote(
                baseURL: SimulatedServer.address, token: token,
                transport: DeviceTransport(network: world.network, device: index), directory: store)
        } catch {
            world.report(.error, "device \(index): \(error)")
            return
        }
        let engine = SyncEngine(
            store: store, remote: remote, clock: clock, sleeper: SimulatedSleeper(loop: world.loop),
            random: SeededRandomSource(seed: world.dice.next()), lock: FreeLock(), executor: world.loop.executor)
        let incarnation = incarnation
        sync = Task(executorPreference: world.loop.executor) { [self] in
            let result: Result<SyncReport, SyncEngineError>
            do throws(SyncEngineError) {
                result = .success(try await engine.sync())
            } catch {
                result = .failure(error)
            }
            guard incarnation == self.incarnation else { return }
            sync = nil
            lastSync = result
            world.synced(self, result)
        }
    }
}
