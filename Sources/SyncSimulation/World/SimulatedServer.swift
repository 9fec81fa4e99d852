import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit

/// The one server of a world: the real one over a simulated disk. It crashes, is put back to backups, and comes again.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; a server belongs to one world.
final class SimulatedServer: @unchecked Sendable {
    /// What devices are told.
    static let address = "http://server.simulated"
    /// The database's name on the disk.
    static let file = "server.sqlite"

    let disk: SimulatedDisk
    let clock: SimulatedClock
    private(set) var store: SQLiteServerStore?
    private var server: ReferenceServer?
    /// Internal errors that were not injected.
    private(set) var failures: [String] = []
    /// Requests that were answered.
    private(set) var requests = 0
    /// Whether errors of its disk are to be expected.
    var expectsFailures = false
    private let pages: ReferenceServer.Pages
    /// Counts its starts and ends.
    private var life = 0

    /// Starts on a disk that holds a database.
    init(_ disk: SimulatedDisk, _ clock: SimulatedClock, _ pages: ReferenceServer.Pages) throws {
        self.pages = pages
        self.disk = disk
        self.clock = clock
        try boot()
    }

    /// Whether it answers.
    var isUp: Bool { server != nil && !disk.isCrashed }

    /// Starts on what the disk holds.
    func boot() throws {
        let store = try SQLiteServerStore(
            path: disk.path(Self.file), clock: clock, random: SeededRandomSource(seed: 1), isSerial: true)
        self.store = store
        life += 1
        server = ReferenceServer(store: store, clock: clock, pages: pages) { [weak self, life] error in
            // What a process that was ended still meant to do tells nothing of the one that came after it.
            guard let self, self.life == life, !self.expectsFailures, !self.disk.isCrashed else { return }
            self.failures.append("\(error)")
        }
    }

    /// Ends at once, without a word to anybody.
    func stop() {
        life += 1
        disk.powerCycle(.none)
        server = nil
        store = nil
    }

    /// The answer to a request; `nil` if the server is down, or goes down over it.
    func respond(to request: ServerRequest) async -> ServerResponse? {
        guard isUp, let server else { return nil }
        requests += 1
        let response = await server.respond(to: request)
        return isUp ? response : nil
    }
}
