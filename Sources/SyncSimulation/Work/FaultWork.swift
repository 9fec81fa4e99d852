import ReferenceServer
import SyncCore

// Faults that are steps of their own; those of messages, machines and disks happen by their rates meanwhile.
extension World {
    /// Draws how often what happens in this run.
    func drawRates() {
        var dice = Dice(scenario.seed, "rates")
        // Some runs are calm, some stormy.
        let strength = dice.pick([1, 1, 3, 3, 8]) ?? 1
        func rate(_ kind: FaultKind, _ base: Int) -> Int {
            let drawn = 1 + dice.below(base * strength)
            return scenario.faults.contains(kind) ? drawn : 0
        }
        network.rates = SimulatedNetwork.Rates(
            drop: rate(.drop, 30), duplicate: rate(.duplicate, 40), reorder: rate(.reorder, 100),
            delay: rate(.delay, 20), truncate: rate(.truncate, 15), corrupt: rate(.corrupt, 15),
            lostReply: rate(.lostReply, 30), serverError: rate(.serverError, 15), versions: rate(.versions, 20))
        rates = FaultRates(
            crash: rate(.crash, 40), powerLoss: rate(.powerLoss, 25), diskFull: rate(.diskFull, 15),
            busy: rate(.busy, 25), ioError: rate(.ioError, 25), serverCrash: rate(.serverCrash, 10))
        rates.serverDisk = [.diskFull, .busy, .ioError].map { rate($0, 8) }.max() ?? 0
        restoreAgainRate = min(900, rate(.serverRestoreAgain, 300))
        deployment.rate = rate(.refusals, 150)
        // A server that has no backup is not put back.
        if restoreAgainRate > 0, mendingDice.chance(400) { backUpServer() }
    }

    func harm(_ step: Step, _ dice: inout Dice) {
        switch step {
        case .compact: compact(&dice)
        case .partition: partition(&dice)
        case .clock: setClock(&dice)
        case .backup: backUp(&dice)
        case .restoreDevice:
            if let index = dice.pick(backups.devices.keys.sorted()) { restore(devices[index]) }
        case .cloneDevice:
            if let device = dice.pick(devices) { clone(device) }
        case .restoreServer:
            restoreServer()
            mendSoon()
        case .restoreServerLate:
            restoreServer()
            // One device of each reader goes on at once; the others find the log longer than they left it.
            for reader in 0..<scenario.readers {
                let all = devices(of: reader)
                let first = dice.below(all.count)
                network.cutOff.formUnion(all.enumerated().filter { $0.offset != first }.map(\.element.index))
            }
            mendSoon()
        case .token:
            if let device = dice.pick(devices) { turnToken(of: device) }
        default: break
        }
    }

    private func compact(_ dice: inout Dice) {
        guard let store = server.store, server.isUp else { return }
        refreshMirrors()
        let hours = dice.within(0...24)
        do {
            _ = try store.compact(keeping: .seconds(hours * 3_600), now: server.clock.now())
            trace.note(.publish, UInt64(hours), text: "compacted, keeping \(hours) h")
        } catch {
            if !server.expectsFailures, !server.disk.isCrashed { report(.error, "compaction: \(error)") }
        }
    }

    private func partition(_ dice: inout Dice) {
        counts.faults += 1
        switch dice.below(5) {
        case 0: network.cutOff = Set(devices.map(\.index))
        case 1, 2: if let device = dice.pick(devices) { network.cutOff.insert(device.index) }
        case 3: if let index = dice.pick(network.cutOff.sorted()) { network.cutOff.remove(index) }
        default: network.cutOff = []
        }
    }

    private func setClock(_ dice: inout Dice) {
        let kinds: [FaultKind] = [.clockSkew, .clockJump, .clockFrozen].filter { scenario.faults.contains($0) }
        guard let kind = dice.pick(kinds), let device = dice.pick(devices) else { return }
        counts.faults += 1
        let clock = dice.chance(60) ? server.clock : device.clock
        let year: Int64 = 365 * 86_400_000
        switch kind {
        case .clockFrozen: clock.frozen = clock.frozen == nil ? clock.now() : nil
        case .clockJump: clock.lead += Int64(dice.within(-7_200...7_200)) * 1_000
        default: clock.lead = dice.chance(200) ? 0 : Int64(dice.within(-10_000...10_000)) * year / 1_000
        }
        // A server runs ntp: it is hours wrong at most.
        if clock === server.clock { clock.lead = max(-7_200_000, min(7_200_000, clock.lead)) }
        trace.note(.clock, UInt64(bitPattern: clock.lead), text: "\(device.index) \(kind) \(clock.lead)")
    }

    private func backUp(_ dice: inout Dice) {
        if dice.chance(400), !scenario.faults.isDisjoint(with: FaultKind.ofServerBackups) {
            backUpServer()
        } else if scenario.faults.contains(.deviceRestore), let device = dice.pick(devices) {
            backUp(device)
        }
    }

    /// Revokes a token, or gives a new one to a device without.
    private func turnToken(of device: SimulatedDevice) {
        guard let store = server.store, server.isUp else { return }
        counts.faults += 1
        do {
            guard !device.isRevoked else { return try logIn(device) }
            guard let record = try store.devices().first(where: { $0.name == device.name && $0.revoked == nil })
            else { return }
            try store.revokeDevice(record.id, at: server.clock.now())
            device.isRevoked = true
        } catch {
            if !server.expectsFailures, !server.disk.isCrashed { report(.error, "the token: \(error)") }
        }
    }

    /// Gives a device a token that is good.
    func logIn(_ device: SimulatedDevice) throws {
        guard let store = server.store, server.isUp else { return }
        device.name = "device-\(device.index)-\(loop.now)"
        device.token = try store.addDevice(
            device.name, of: Nursery.name(device.reader), at: server.clock.now(), using: &faultDice
        ).token
        device.isRevoked = false
    }
}
