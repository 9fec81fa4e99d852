import ReferenceServer
import SQLiteReplica
import SyncCore
import SyncPorts
import SyncTestKit

/// Disks as they are before anything happens, made once: thousands of worlds begin from copies of them.
///
/// `@unchecked Sendable`: used by the one thread that runs worlds.
public final class Nursery: @unchecked Sendable {
    private var replicas: [UInt64: DiskImage] = [:]
    private var server: DiskImage?
    private var tokens: [String] = []

    /// An empty nursery.
    public init() {}

    /// A disk with a new replica.
    func replicaDisk(_ id: ReplicaID) throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        if let image = replicas[id.rawValue] {
            disk.restore(image)
            return disk
        }
        let replica = try Replica.create(
            at: disk.path(SimulatedDevice.file), as: id, remote: SimulatedServer.address, files: DiskFiles(disk))
        try replica.close()
        replicas[id.rawValue] = disk.image()
        return disk
    }

    /// A disk with a server's database that knows all readers, and the tokens of their devices.
    func serverDisk(_ clock: SimulatedClock) throws -> (disk: SimulatedDisk, tokens: [String]) {
        let disk = SimulatedDisk()
        if let server {
            disk.restore(server)
            return (disk, tokens)
        }
        let store = try SQLiteServerStore(
            path: disk.path(SimulatedServer.file), clock: clock, random: SeededRandomSource(seed: 1), isSerial: true)
        var draw = RandomDraw(SeededRandomSource(seed: 2))
        for reader in 0..<Scenario.mostReaders {
            try store.addReader(Self.name(reader), at: clock.now())
            for device in 0..<Scenario.mostDevices {
                tokens.append(
                    try store.addDevice(Self.name(reader, device), of: Self.name(reader), at: clock.now(), using: &draw)
                        .token)
            }
        }
        try store.close()
        server = disk.image()
        return (disk, tokens)
    }

    /// What the server calls a device.
    static func name(_ reader: Int, _ device: Int) -> String { "reader-\(reader)-device-\(device)" }

    /// What the server calls a reader.
    static func name(_ reader: Int) -> String { "reader-\(reader)" }
}

/// The files of a simulated disk, as a replica asks for them.
struct DiskFiles: ReplicaFiles {
    let disk: SimulatedDisk

    init(_ disk: SimulatedDisk) {
        self.disk = disk
    }

    private func name(_ path: String) -> String { String(path.dropFirst(disk.path("").count)) }

    func exists(_ path: String) -> Bool { disk.exists(name(path)) }
    func create(_ path: String) -> Bool { disk.create(name(path)) }
    func remove(_ path: String) throws { disk.remove(name(path)) }
    func move(_ path: String, to other: String) throws { disk.rename(name(path), to: name(other)) }
}
