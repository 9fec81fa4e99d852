import SQLiteReplica
import SyncCore

// What readers do on their devices.
extension World {
    func work(_ step: Step, _ dice: inout Dice) {
        let reader = dice.below(scenario.readers)
        guard let device = dice.pick(devices(of: reader)), device.isUp else { return }
        switch step {
        case .noteRace, .subscribeRace, .consentRace: race(step, reader, &dice)
        case .resolve, .resolveRace: resolve(step, device, &dice)
        case .policy: setPolicy(device, &dice)
        case .setAside: handleSetAside(device, &dice)
        case .retain:
            act(device) { replica in
                _ = try replica.retain(since: device.clock.now().advanced(by: -3_600_000))
                return nil
            }
        default: record(edits(step, device, &dice), on: device)
        }
    }

    /// Records what a reader does.
    func record(_ edits: [Edit], on device: SimulatedDevice) {
        guard !edits.isEmpty, device.isUp, let replica = device.replica else { return }
        counts.changes += edits.count
        for edit in edits {
            if case (.article(let article), .read(true, _)) = (edit.key.entity, edit.value) {
                marked[device.reader].insert(article)
            }
        }
        trace.note(
            .change, UInt64(device.index), UInt64(edits.count),
            text: "\(device.index) \(edits.prefix(3).map { "\($0.key.entity) \($0.key.field.text) = \($0.value)" })")
        do {
            let summary = try replica.record(edits, at: device.clock.now())
            // Reading back what was recorded can fail as well.
            do { try device.noteMade(summary.recorded, of: edits) } catch {
                device.journal.note(.perhaps(edits))
                throw error
            }
            if let edit = edits.last, edits.count == 1 || faultDice.chance(100) { checkShown(edit, replica, device) }
        } catch {
            device.journal.note(.perhaps(edits))
            failed(device, "record", error)
        }
        if !isQuiet { disturb(device) }
    }

    /// What was just said has seen all that the device knows, so that it is what is shown.
    private func checkShown(_ edit: Edit, _ replica: Replica, _ device: SimulatedDevice) {
        do {
            let shown = try replica.shown(edit.key) ?? edit.value
            if !shown.agrees(with: edit.value) {
                report(
                    .shown,
                    "device \(device.index): \(Self.text(edit.key)) is \(shown) after \(edit.value) was recorded")
            }
        } catch { failed(device, "shown", error) }
    }

    /// Does something with a replica that makes no changes, or such as it chooses itself.
    private func act(_ device: SimulatedDevice, _ body: (Replica) throws -> RecordSummary?) {
        guard device.isUp, let replica = device.replica else { return }
        counts.changes += 1
        do {
            let summary = try body(replica)
            try device.noteMade(summary?.recorded ?? 0, of: nil)
        } catch {
            device.journal.note(.perhapsSettled)
            if !(error.isExpectedRefusal) { failed(device, "act", error) }
        }
        if device.disk.isCrashed { stop(device) }
    }

    private func edits(_ step: Step, _ device: SimulatedDevice, _ dice: inout Dice) -> [Edit] {
        let article = Publisher.article(dice.skewed(max(1, publisher.count)))
        switch step {
        case .read:
            return [.read(article, dice.chance(750), by: dice.pick(MarkOrigin.allCases) ?? .explicit)].compactMap { $0 }
        case .save: return [.saved(article, dice.chance(600))].compactMap { $0 }
        case .tag: return tagEdits(1, &dice)
        case .tagStorm: return tagEdits(dice.within(10...40), &dice)
        case .progress: return [.progress(article, dice.within(0...10) * 1_000)].compactMap { $0 }
        case .note: return [noteEdit(article, on: device, &dice)].compactMap { $0 }
        case .bulk:
            let isRead = dice.chance(800)
            // A run of a list, as a reader marks it, or what a search found.
            let (all, first) = (max(1, publisher.count), dice.below(max(1, publisher.count)))
            let isRun = dice.chance(700)
            return (0..<dice.within(5...120)).compactMap { index in
                .read(Publisher.article(isRun ? (first + index) % all : dice.below(all)), isRead, by: .bulk)
            }
        case .markAll: return markAll(device)
        case .subscribe: return [subscription(dice.chance(550), &dice)].compactMap { $0 }
        case .frequency:
            guard let newsletter = newsletter(&dice),
                let cadence = Cadence(dice.pick(["daily", "weekly", "monthly"]) ?? "")
            else { return [] }
            return [RegisterKey(newsletter, .frequency).map { Edit($0, .frequency(cadence)) }].compactMap { $0 }
        case .consent: return [consent(dice.chance(550), on: device, &dice)].compactMap { $0 }
        case .age: return [RegisterKey(.reader, .ageConfirmed).map { Edit($0, .flag(true)) }].compactMap { $0 }
        case .other:
            guard let field = EntityName("mood") else { return [] }
            let value = Value.other(.string("m\(dice.below(4))"))
            return [RegisterKey(.article(article), .other(field)).map { Edit($0, value) }].compactMap { $0 }
        default: return []
        }
    }

    private func tagEdits(_ count: Int, _ dice: inout Dice) -> [Edit] {
        (0..<count).compactMap { _ in
            guard let tag = TagName("t\(dice.below(3))") else { return nil }
            return .tag(Publisher.article(dice.skewed(max(1, publisher.count))), tag, dice.chance(600))
        }
    }

    /// The articles that the device shows as unread, by what it asks its replica for.
    private func markAll(_ device: SimulatedDevice) -> [Edit] {
        guard let replica = device.replica else { return [] }
        do {
            return try replica.articleIDs(ArticleFilter(unread: true)).compactMap { .read($0, true, by: .bulk) }
        } catch {
            failed(device, "articleIDs", error)
            return []
        }
    }

    /// An edit of one line or another of the note that is shown.
    private func noteEdit(_ article: ArticleID, on device: SimulatedDevice, _ dice: inout Dice) -> Edit? {
        guard let key = RegisterKey(.article(article), .note) else { return nil }
        var lines = ["one", "two", "three", "four"]
        do {
            if case .note(let text, _) = try device.replica?.shown(key), !text.isEmpty {
                lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            }
        } catch { failed(device, "shown", error) }
        if dice.chance(40) { return .note(article, "") }
        switch dice.below(10) {
        case 0 where lines.count < 12: lines.insert("line \(dice.below(100))", at: dice.below(lines.count + 1))
        case 1 where lines.count > 1: lines.remove(at: dice.below(lines.count))
        default: lines[dice.below(lines.count)] = "word \(dice.below(100))"
        }
        return .note(article, lines.joined(separator: "\n"))
    }

    private func newsletter(_ dice: inout Dice) -> Entity? {
        dice.pick(Publisher.newsletterNames).flatMap { EntityName($0) }.map { .newsletter($0) }
    }

    private func subscription(_ isOn: Bool, _ dice: inout Dice) -> Edit? {
        newsletter(&dice).flatMap { RegisterKey($0, .subscribed) }.map { Edit($0, .flag(isOn)) }
    }

    /// A consent under the wording that the device shows, or an old one.
    private func consent(_ isGiven: Bool, on device: SimulatedDevice, _ dice: inout Dice) -> Edit? {
        guard let purpose = dice.pick(Publisher.purposes).flatMap({ EntityName($0) }),
            let key = RegisterKey(.consent(purpose), .consent)
        else { return nil }
        return consentEdit(key, purpose, isGiven, on: device)
    }

    private func consentEdit(
        _ key: RegisterKey, _ purpose: EntityName, _ isGiven: Bool, on device: SimulatedDevice
    ) -> Edit {
        var terms = ConsentTerms(
            wordingVersion: "0", wordingHash: "0", policyVersion: "0", termsVersion: "0", surface: "simulator")
        do {
            let shown = try device.replica?.consents().first { $0.purpose == purpose }
            if let wording = shown?.wording { terms = wording.terms(surface: "simulator") }
        } catch { failed(device, "consents", error) }
        return Edit(key, .consent(isGiven, terms))
    }

    /// Two devices of one reader set one field at once, before either can hear of the other.
    private func race(_ step: Step, _ reader: Int, _ dice: inout Dice) {
        let two = dice.shuffled(devices(of: reader).filter(\.isUp)).prefix(2)
        guard two.count == 2 else { return }
        let article = Publisher.article(dice.skewed(max(1, publisher.count)))
        let newsletter = newsletter(&dice)
        let purpose = dice.pick(Publisher.purposes).flatMap { EntityName($0) }
        for (index, device) in two.enumerated() {
            let edit: Edit? =
                switch step {
                case .noteRace: noteEdit(article, on: device, &dice)
                case .subscribeRace:
                    newsletter.flatMap { RegisterKey($0, .subscribed) }.map { Edit($0, .flag(index == 0)) }
                default:
                    purpose.flatMap { name in
                        RegisterKey(.consent(name), .consent).map { consentEdit($0, name, index == 0, on: device) }
                    }
                }
            record([edit].compactMap { $0 }, on: device)
        }
    }

    /// Resolves an open difference; in a race each device that shows it chooses for itself.
    private func resolve(_ step: Step, _ device: SimulatedDevice, _ dice: inout Dice) {
        guard let open = conflicts(of: device).first else { return }
        let others = devices(of: device.reader).filter { $0 !== device && $0.isUp }
        for one in [device] + (step == .resolveRace ? others : []) {
            guard let mine = conflicts(of: one).first(where: { $0.key == open.key }) else { continue }
            let isNote = open.key.field == .note
            let choices: [Resolution] =
                isNote ? [.mine, .theirs, .both, .text("resolved \(dice.below(100))")] : [.mine, .theirs]
            guard let choice = dice.pick(choices) else { continue }
            trace.note(.change, UInt64(one.index), text: "\(one.index) resolves \(open.key.field.text) by \(choice)")
            act(one) { try $0.resolve(mine.id, choice, at: one.clock.now()) }
        }
    }

    private func conflicts(of device: SimulatedDevice) -> [Conflict] {
        guard let replica = device.replica, device.isUp else { return [] }
        do { return try replica.conflicts() } catch {
            failed(device, "conflicts", error)
            return []
        }
    }

    private func setPolicy(_ device: SimulatedDevice, _ dice: inout Dice) {
        guard let kind = dice.pick(RemoteCapabilities.FieldKind.allCases),
            let policy = dice.pick(ConflictPolicy.allCases)
        else { return }
        act(device) { replica in
            do { _ = try replica.setPolicy(policy, for: kind) } catch  where error.isExpectedRefusal {}
            return nil
        }
    }

    private func handleSetAside(_ device: SimulatedDevice, _ dice: inout Dice) {
        guard let replica = device.replica else { return }
        do {
            guard let item = dice.pick(try replica.setAsideList()) else { return }
            if dice.chance(500) {
                act(device) {
                    try $0.retry(setAside: item.place, at: device.clock.now())
                }
            } else {
                act(device) {
                    try $0.drop(setAside: item.place)
                    return nil
                }
            }
        } catch { failed(device, "setAsideList", error) }
    }
}

extension Error {
    /// Whether a replica refuses what a reader may not do, which is no fault.
    var isExpectedRefusal: Bool {
        guard let error = self as? ReplicaError else { return false }
        return error.code == .invalidValue || error.code == .notFound || error.code == .notApplicable
    }
}
