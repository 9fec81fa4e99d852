/// What a step of a run does. Steps are drawn one by one, each from dice of its own, so that a step can be left out
/// without changing the others.
enum Step: CaseIterable {
    // Readers.
    /// A reader opens, scrolls past or marks articles.
    case read
    /// An article is saved or let go.
    case save
    /// A tag is put on or taken off.
    case tag
    /// Many tags at once, on and off.
    case tagStorm
    /// Somebody reads on.
    case progress
    /// A note is written or edited.
    case note
    /// Two devices edit one note without hearing of each other.
    case noteRace
    /// Many articles are marked at once.
    case bulk
    /// All that is shown as unread is marked read.
    case markAll
    /// A newsletter is subscribed to or left.
    case subscribe
    /// Two devices do it at once, one this way and one that.
    case subscribeRace
    /// A newsletter is asked for more or less often.
    case frequency
    /// A consent is given or withdrawn.
    case consent
    /// Two devices do it at once, one this way and one that.
    case consentRace
    /// The reader declares to be 16 or over.
    case age
    /// Something that only a newer version knows is set.
    case other
    /// A difference is resolved.
    case resolve
    /// Two devices resolve one difference at once.
    case resolveRace
    /// What happens to differences of a kind is chosen.
    case policy
    /// What was set aside is tried again, or let go.
    case setAside
    /// Old texts are dropped.
    case retain
    // Devices.
    /// A device syncs.
    case sync
    /// All devices of a reader sync.
    case syncAll
    // The publisher.
    /// Articles are published.
    case publish
    /// An article is corrected.
    case correct
    /// An article is withdrawn.
    case withdraw
    /// A newsletter comes or goes.
    case newsletter
    /// A consent gets another wording.
    case wording
    /// The server says what became of a subscription.
    case deliver
    // Time and faults.
    /// Hours pass.
    case wait
    /// The server's logs are compacted.
    case compact
    /// A device, or all of them, are cut off, or no longer.
    case partition
    /// A clock is set wrong, jumps, or stands still.
    case clock
    /// Disks are copied, to be put back later.
    case backup
    /// A device is put back to an old image.
    case restoreDevice
    /// A device is copied.
    case cloneDevice
    /// The server is put back to its backup.
    case restoreServer
    /// The same, and only some devices meet it before its log has grown past the old head.
    case restoreServerLate
    /// A token is revoked, or given anew.
    case token

    /// How often it is drawn, when the faults it needs may happen.
    func weight(_ faults: Set<FaultKind>) -> Int {
        switch self {
        case .read: 90
        case .save: 40
        case .tag: 40
        case .tagStorm: 8
        case .progress: 30
        case .note: 40
        case .noteRace: 12
        case .bulk: 10
        case .markAll: 8
        case .subscribe: 16
        case .subscribeRace: 8
        case .frequency: 12
        case .consent: 16
        case .consentRace: 8
        case .age: 4
        case .other: 8
        case .resolve: 16
        case .resolveRace: 6
        case .policy: 2
        case .setAside: 6
        case .retain: 2
        case .sync: 110
        case .syncAll: 10
        case .publish: 14
        case .correct: 8
        case .withdraw: 3
        case .newsletter: 6
        case .wording: 3
        case .deliver: 4
        case .wait: 6
        case .compact: faults.contains(.compaction) ? 8 : 0
        case .partition: faults.contains(.partition) ? 14 : 0
        case .clock: faults.isDisjoint(with: [.clockSkew, .clockJump, .clockFrozen]) ? 0 : 10
        case .backup: faults.isDisjoint(with: FaultKind.ofBackups) ? 0 : 12
        case .restoreDevice: faults.contains(.deviceRestore) ? 4 : 0
        case .cloneDevice: faults.contains(.deviceClone) ? 3 : 0
        case .restoreServer: faults.isDisjoint(with: [.serverRestore, .serverRestoreAgain]) ? 0 : 4
        case .restoreServerLate: faults.contains(.serverRestoreLate) ? 4 : 0
        case .token: faults.contains(.tokenRevoked) ? 6 : 0
        }
    }
}

extension World {
    /// Performs a step of a round.
    ///
    /// - Parameter number: its number in the run; all its chance comes from it.
    func perform(_ number: Int) {
        var dice = Dice(scenario.seed, "step", number)
        let choices = Step.allCases.map { ($0, weight: $0.weight(scenario.faults)) }
        guard let step = dice.weighted(choices) else { return }
        trace.note(.step, UInt64(number), text: "\(number): \(step)")
        switch step {
        case .sync, .syncAll: sync(step, &dice)
        case .publish, .correct, .withdraw, .newsletter, .wording, .deliver: publish(step, &dice)
        case .wait: loop.run(for: Int64(dice.within(1...12)) * 3_600_000)
        case .compact, .partition, .clock, .backup, .restoreDevice, .cloneDevice, .restoreServer, .restoreServerLate,
            .token:
            harm(step, &dice)
        default: work(step, &dice)
        }
        loop.run(for: Int64(dice.chance(700) ? dice.within(0...60) : dice.within(100...4_000)))
    }

    private func sync(_ step: Step, _ dice: inout Dice) {
        let candidates =
            step == .sync ? dice.pick(devices).map { [$0] } ?? [] : devices(of: dice.below(scenario.readers))
        for device in candidates { device.startSync(in: self) }
    }
}
