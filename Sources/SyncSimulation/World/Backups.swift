import SQLiteReplica
import SyncCore

/// Images of disks that were put aside, with what was known of them then.
struct Backups {
    /// A server's disk as it was.
    struct Server {
        var image: DiskImage
        /// Where each reader's log ended.
        var heads: [UInt64]
    }

    /// A device's disk as it was.
    struct Device {
        var image: DiskImage
        var journal: Journal
    }

    /// The newest backup of the server.
    var server: Server?
    /// The newest image of each device, by its place.
    var devices: [Int: Device] = [:]
}

// Putting disks back, and what is lost by it beyond recall.
extension World {
    /// Keeps the server's disk as it is now.
    func backUpServer() {
        guard server.isUp else { return }
        refreshMirrors()
        backups.server = Backups.Server(image: server.disk.image(), heads: mirrors.map(\.head))
        trace.note(.image, .max, text: "server kept")
    }

    /// Keeps a device's disk as it is now.
    func backUp(_ device: SimulatedDevice) {
        guard device.isUp, !device.isSyncing else { return }
        backups.devices[device.index] = Backups.Device(image: device.disk.image(), journal: device.journal)
        trace.note(.image, UInt64(device.index), text: "\(device.index) kept")
    }

    /// Puts the server back to its backup.
    func restoreServer() {
        guard let backup = backups.server, server.isUp else { return }
        counts.faults += 1
        wasServerRestored = true
        refreshMirrors()
        // Devices stay as they are meanwhile.
        histories = [:]
        defer { histories = nil }
        traceOrigins()
        let before = mirrors
        server.stop()
        server.disk.clearFaults()
        server.expectsFailures = false
        server.disk.restore(backup.image)
        for reader in mirrors.indices { mirrors[reader].cut(to: backup.heads[reader]) }
        do {
            try server.boot()
        } catch {
            report(.error, "the server does not start from a backup: \(error)")
        }
        trace.note(.image, .max, text: "server put back from \(before.map(\.head)) to \(backup.heads)")
        noteLost(was: before)
    }

    /// Puts a device back to an old image of its own disk.
    func restore(_ device: SimulatedDevice) {
        guard let backup = backups.devices[device.index] else { return }
        counts.faults += 1
        histories = [:]
        defer { histories = nil }
        traceOrigins()
        device.stop()
        device.disk.restore(backup.image)
        device.journal = backup.journal
        device.wasCopied = true
        device.traced = nil
        // Differences that it listed since may be found anew, under other names.
        device.listed = [:]
        trace.note(.image, UInt64(device.index), text: "\(device.index) put back")
        boot(device)
        histories?.removeValue(forKey: device.index)
        audits.removeValue(forKey: device.index)
        noteLost(was: mirrors)
    }

    /// Copies a device's disk to a new machine of the same reader.
    func clone(_ device: SimulatedDevice) {
        guard device.isUp, !device.isSyncing, devices(of: device.reader).count < Scenario.mostDevices + 2 else {
            return
        }
        counts.faults += 1
        let disk = SimulatedDisk()
        disk.restore(device.disk.image())
        do {
            let copy = try SimulatedDevice(
                index: devices.count, reader: device.reader, disk: disk, clock: SimulatedClock(loop),
                token: device.token, name: device.name)
            copy.journal = device.journal
            (copy.wasCopied, device.wasCopied) = (true, true)
            add(copy)
            trace.note(.image, UInt64(device.index), text: "\(device.index) copied to \(copy.index)")
        } catch {
            report(.error, "a copied replica does not open: \(error)")
        }
    }

    /// Notes which changes of the logs as they were are held by nobody now: no protocol brings these back.
    private func noteLost(was before: [Mirror]) {
        for reader in mirrors.indices {
            var missing = Set(before[reader].names).union(owed[reader])
            missing.subtract(mirrors[reader].contents)
            owed[reader] = []
            guard !missing.isEmpty else { continue }
            var held: Set<ChangeID> = []
            for device in devices(of: reader) {
                for row in history(of: device) ?? [] where row.sequence != nil {
                    held.insert(name(of: row.change))
                    held.insert(row.change.id)
                }
            }
            owed[reader] = missing.intersection(held)
            lost[reader].formUnion(missing.subtracting(held))
        }
    }

    /// A device's whole history, the oldest change first; `nil` if it is off or cannot be read now.
    func history(of device: SimulatedDevice) -> [ChangeRecord]? {
        guard let replica = device.replica, device.isUp, !device.expectsFailures else { return nil }
        if let known = histories?[device.index] { return known }
        do {
            let rows: [ChangeRecord] = try replica.log(limit: .max).reversed()
            histories?[device.index] = rows
            return rows
        } catch {
            report(.error, "device \(device.index): its history cannot be read: \(error)")
            return nil
        }
    }
}
