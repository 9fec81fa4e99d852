import SyncCore

/// How often machines and disks fail: in so many of 10,000 calls.
struct FaultRates {
    var crash = 0
    var powerLoss = 0
    var diskFull = 0
    var busy = 0
    var ioError = 0
    var serverCrash = 0
    /// The server's disk is full, held by others or fails.
    var serverDisk = 0
}

// Machines that stop, start, and fail in between.
extension World {
    private func happens(_ rate: Int) -> Bool { rate > 0 && faultDice.below(10_000) < rate }

    /// Perhaps something happens to a device, now or at one of its next disk operations.
    func disturb(_ device: SimulatedDevice) {
        guard device.isUp else { return }
        if happens(rates.crash) { return crash(device, .none) }
        if happens(rates.powerLoss) { return crash(device, .unsynced(seed: faultDice.next())) }
        if happens(rates.diskFull) {
            counts.faults += 1
            device.expectsFailures = true
            device.disk.limit(bytes: device.disk.size + faultDice.below(20_000))
            loop.after(Int64(faultDice.within(100...20_000))) { [self] in relieve(device) }
        }
        if happens(rates.busy) {
            counts.faults += 1
            device.expectsFailures = true
            device.disk.holdLocks(attempts: faultDice.chance(700) ? faultDice.within(1...5) : 100_000)
            loop.after(Int64(faultDice.within(100...10_000))) { [self] in relieve(device) }
        }
        if happens(rates.ioError), let kind = faultDice.pick(SimulatedDisk.CallKind.allCases) {
            counts.faults += 1
            device.expectsFailures = true
            device.disk.fail(kind, after: faultDice.within(0...12), times: faultDice.chance(800) ? 1 : 30)
            loop.after(Int64(faultDice.within(100...10_000))) { [self] in relieve(device) }
        }
        if happens(rates.serverCrash), server.isUp { crashServer() }
        if happens(rates.serverDisk), server.isUp { hurtServer() }
    }

    /// A device's disk works again.
    func relieve(_ device: SimulatedDevice) {
        guard !device.disk.isCrashed else { return }
        device.disk.clearFaults()
        device.expectsFailures = false
    }

    /// A device dies: at once, or at one of its next disk operations.
    private func crash(_ device: SimulatedDevice, _ loss: SimulatedDisk.PowerLoss) {
        counts.faults += 1
        trace.note(.crash, UInt64(device.index), text: "\(device.index) \(loss)")
        pendingLoss[device.index] = loss
        if faultDice.chance(350) { return stop(device) }
        let last: SimulatedDisk.LastWrite =
            switch faultDice.below(3) {
            case 0: .lost
            case 1: .done
            default: .torn(sectors: faultDice.within(1...8))
            }
        device.expectsFailures = true
        device.disk.crash(afterMutations: faultDice.within(1...25), last)
    }

    /// A device that died is off, and comes again some time later.
    func stop(_ device: SimulatedDevice) {
        guard device.replica != nil else { return }
        device.stop()
        if !isQuiet { loop.after(Int64(faultDice.within(100...60_000))) { [self] in boot(device) } }
    }

    /// A device that is off comes again.
    func boot(_ device: SimulatedDevice) {
        guard device.replica == nil else { return }
        let loss = pendingLoss.removeValue(forKey: device.index) ?? .none
        device.disk.powerCycle(loss)
        device.disk.clearFaults()
        device.expectsFailures = false
        trace.note(.boot, UInt64(device.index), text: "\(device.index) after \(loss)")
        do {
            try device.boot()
        } catch {
            report(.integrity, "device \(device.index) does not start after \(loss): \(error)")
        }
    }

    /// The server's disk fails for a while, in one of the ways that may happen in this run.
    private func hurtServer() {
        let kinds = [FaultKind.diskFull, .busy, .ioError].filter { scenario.faults.contains($0) }
        guard let kind = faultDice.pick(kinds) else { return }
        counts.faults += 1
        server.expectsFailures = true
        switch kind {
        case .diskFull: server.disk.limit(bytes: server.disk.size + faultDice.below(20_000))
        case .busy: server.disk.holdLocks(attempts: faultDice.chance(700) ? faultDice.within(1...5) : 100_000)
        default:
            guard let call = faultDice.pick(SimulatedDisk.CallKind.allCases) else { break }
            server.disk.fail(call, after: faultDice.within(0...12), times: faultDice.chance(800) ? 1 : 30)
        }
        loop.after(Int64(faultDice.within(100...10_000))) { [self] in
            // One that stopped meanwhile starts on a disk without faults.
            guard server.isUp else { return }
            server.disk.clearFaults()
            server.expectsFailures = false
        }
    }

    /// The server's machine loses power, now or at one of its next disk operations.
    private func crashServer() {
        counts.faults += 1
        trace.note(.crash, .max, text: "server")
        server.expectsFailures = true
        if faultDice.chance(350) {
            server.stop()
        } else {
            let last: SimulatedDisk.LastWrite = faultDice.chance(500) ? .lost : .torn(sectors: faultDice.within(1...8))
            server.disk.crash(afterMutations: faultDice.within(1...60), last)
        }
        loop.after(Int64(faultDice.within(1_000...30_000))) { [self] in bootServer() }
    }

    /// The server comes again.
    func bootServer() {
        guard server.store == nil || server.disk.isCrashed || server.expectsFailures else { return }
        server.stop()
        server.disk.powerCycle(.unsynced(seed: faultDice.next()))
        server.disk.clearFaults()
        trace.note(.boot, .max, text: "server")
        do {
            try server.boot()
            server.expectsFailures = false
        } catch {
            report(.integrity, "the server does not start after a loss of power: \(error)")
        }
    }

    /// Everything works again.
    func heal() {
        isQuiet = true
        network.rates = SimulatedNetwork.Rates()
        network.cutOff = []
        deployment.mend()
        bootServer()
        for device in devices {
            if device.disk.isCrashed { device.stop() }
            boot(device)
            relieve(device)
        }
        server.expectsFailures = false
    }
}
