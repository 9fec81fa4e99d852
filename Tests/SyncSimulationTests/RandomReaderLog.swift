import SyncCore
import SyncSimulation
import SyncTestKit

/// A random log of one reader, and the devices that wrote it: each follows the log at its own pace, has a clock that
/// may be far off, keeps changes that it has not sent, and goes on writing before it hears that they arrived.
struct RandomReaderLog {
    struct Pending {
        var change: Change
        /// Where the log has it, once it was sent.
        var sequence: UInt64?
    }

    struct Device {
        var replica: ReplicaID
        var lastNumber: UInt64 = 0
        var cursor: UInt64 = 0
        var clock: Int64
        var pending: [Pending] = []
        /// The log up to `cursor`: notes are edited as the device shows them.
        var applied = NaiveReader()
    }

    private(set) var entries: [LogEntry] = []
    private(set) var devices: [Device] = []
    let keys: [RegisterKey]
    /// What is chosen from in this log: few values meet more often than many.
    private let cadences: [String]
    private let unknown: [JSONValue]
    private var random: SeededRandom

    init(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let all = try Self.allKeys()
        keys = Array(all.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
        let variety = Int.random(in: 2...8, using: &random)
        cadences = Array((Cadence.known + ["hourly", "yearly"]).shuffled(using: &random).prefix(variety))
        // Not two spellings of one string, which the engine takes for one: NaiveRuleTests tells of them.
        let values: [JSONValue] = [
            .null, .bool(true), .integer(1), .fraction(1.5), .string("caf\u{E9}"),
            .array([.integer(1), .string("a")]), .object(["a": .integer(1), "b": .null]),
        ]
        unknown = Array(values.shuffled(using: &random).prefix(variety))
        let clocks: [Int64] = [0, 0, 1, -3_600_000, 3_600_000, -1_764_000_000_000, 200_000_000_000_000]
        self.random = random
        for _ in 0..<Int.random(in: 2...5, using: &self.random) {
            devices.append(Device(replica: .random(using: &self.random), clock: pick(clocks)))
        }
        // Up to 60 changes, more often fewer.
        let length = Int.random(in: 1...Int.random(in: 1...60, using: &self.random), using: &self.random)
        while entries.count < length {
            let device = Int.random(in: devices.indices, using: &self.random)
            switch Int.random(in: 0..<100, using: &self.random) {
            case ..<60: try write(device)
            case ..<80: send(device, atMost: length - entries.count)
            case ..<97: follow(device)
            case 97: restore()
            default: try renew(device)
            }
        }
    }

    /// One field of each row of the specification's table, two of some.
    static func allKeys() throws -> [RegisterKey] {
        let article = Entity.article(ArticleID(digest: Digest128(high: 1, low: 2)))
        let letter = Entity.newsletter(try name("morning"))
        let fields: [(Entity, Field?)] = [
            (article, .read), (article, .saved), (article, .progress), (article, .note), (article, .note),
            (article, Field(text: "tag:politics")), (article, Field(text: "x:shelf")), (letter, .subscribed),
            (letter, .frequency), (.consent(try name("brandOffers")), .consent), (.reader, .ageConfirmed),
            (.other(kind: try name("podcast"), name: try name("daily")), Field(text: "x:speed")),
        ]
        return fields.compactMap { entity, field in field.flatMap { RegisterKey(entity, $0) } }
    }

    struct NoName: Error {}

    static func name(_ text: String) throws -> EntityName {
        guard let name = EntityName(text) else { throw NoName() }
        return name
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: choices.indices, using: &random)]
    }

    private mutating func write(_ index: Int) throws {
        let key = pick(keys)
        var device = devices[index]
        var also: [UInt64] = []
        for entry in entries[Int(device.cursor)...] where Int.random(in: 0..<20, using: &random) == 0 {
            also.append(entry.sequence)
        }
        let millisecond = 1_764_000_000_000 + device.clock + Int64.random(in: 0...3, using: &random)
        let change = Change(
            id: ChangeID(replica: device.replica, number: ChangeID.unnumbered),
            stamp: HybridTimestamp(milliseconds: millisecond, counter: .random(in: 0...2, using: &random)),
            seen: SeenContext(through: device.cursor, also: also), key: key, value: try value(of: key, on: device))
        guard let change else { return }
        device.pending.append(Pending(change: change))
        devices[index] = device
    }

    private mutating func send(_ index: Int, atMost limit: Int) {
        let waiting = devices[index].pending.indices.filter { devices[index].pending[$0].sequence == nil }
        for place in waiting.prefix(min(limit, Int.random(in: 1...4, using: &random))) {
            devices[index].lastNumber += 1
            devices[index].pending[place].change.id.number = devices[index].lastNumber
            let sequence = UInt64(entries.count) + 1
            devices[index].pending[place].sequence = sequence
            let change = devices[index].pending[place].change
            entries.append(LogEntry(sequence: sequence, received: WallTime(milliseconds: 0), change: change))
        }
    }

    private mutating func follow(_ index: Int) {
        let target = UInt64.random(in: devices[index].cursor...UInt64(entries.count), using: &random)
        for entry in entries[Int(devices[index].cursor)..<Int(target)] where entry.change.key.field == .note {
            devices[index].applied.append(entry)
        }
        devices[index].cursor = target
        devices[index].pending.removeAll { $0.sequence.map { $0 <= target } ?? false }
    }

    /// Takes a new identity, as the end of §3 has it.
    private mutating func renew(_ index: Int) throws {
        let old = devices[index].replica
        devices[index].replica = .random(using: &random)
        devices[index].lastNumber = 0
        let (replica, cursor) = (devices[index].replica, devices[index].cursor)
        devices[index].pending = devices[index].pending.filter { $0.sequence == nil }.map { pending in
            var pending = pending
            let mine = entries.filter {
                $0.change.id.replica == old && $0.change.key == pending.change.key && $0.sequence > cursor
            }
            pending.change.id = ChangeID(replica: replica, number: ChangeID.unnumbered)
            let seen = pending.change.seen
            pending.change.seen = SeenContext(through: seen.through, also: seen.also + mine.map(\.sequence))
            return pending
        }
    }

    /// A backup is put back, and several devices bring the lost end of the log again, each its part, so that entries
    /// may come in another order (§7). All devices then follow the new log to its end.
    private mutating func restore() {
        let common = Int.random(in: 0...entries.count, using: &random)
        var offers = Array(entries[common...])
        for _ in 0..<Int.random(in: 0...3, using: &random) where offers.count > 1 {
            let moved = offers.remove(at: Int.random(in: offers.indices, using: &random))
            offers.insert(moved, at: Int.random(in: 0...offers.count, using: &random))
        }
        let first = UInt64(common) + 1
        let placed = offers.enumerated().map { (entry: $1, new: first + UInt64($0)) }
        func rebased(_ change: Change, before place: UInt64) -> SeenContext {
            let known = placed.filter {
                $0.entry.change.key == change.key && $0.new < place && change.seen.contains($0.entry.sequence)
            }
            return SeenContext(
                through: min(change.seen.through, UInt64(common)),
                also: change.seen.also.filter { $0 <= common } + known.map(\.new))
        }
        let restored = placed.map { entry, new in
            var entry = entry
            entry.change.seen = rebased(entry.change, before: new)
            entry.sequence = new
            return entry
        }
        for index in devices.indices {
            var waiting = devices[index].pending.filter { $0.sequence == nil }
            for place in waiting.indices { waiting[place].change.seen = rebased(waiting[place].change, before: .max) }
            devices[index].pending = waiting
            devices[index].cursor = UInt64(entries.count)
        }
        entries.replaceSubrange(common..., with: restored)
        for index in devices.indices {
            devices[index].applied = NaiveReader()
            for entry in entries where entry.change.key.field == .note { devices[index].applied.append(entry) }
        }
    }

    private mutating func value(of key: RegisterKey, on device: Device) throws -> Value {
        switch key.field {
        case .read: return .read(.random(using: &random), by: pick(MarkOrigin.allCases))
        case .saved, .tag, .subscribed, .ageConfirmed: return .flag(.random(using: &random))
        case .progress: return .progress(pick([0, 5_000, 5_001, 10_000]))
        case .frequency: return .frequency(Cadence(try Self.name(pick(cadences))))
        case .consent:
            let terms = ConsentTerms(
                wordingVersion: pick(["1", "2"]), wordingHash: "aa", policyVersion: "3", termsVersion: "4",
                surface: pick(["cli", "web"]))
            return .consent(.random(using: &random), terms)
        case .other: return .other(pick(unknown))
        case .note:
            var shown = ""
            let outcome = device.applied.shown(key, pending: device.pending.map(\.change))
            if case .note(let text, _)? = outcome?.value { shown = text }
            // Some clients edit something else than what was shown.
            if Int.random(in: 0..<10, using: &random) == 0 { shown = pick(["", "\n", "a\nb\nc", "b\r\na"]) }
            // Now and then two devices say the same.
            let isShort = Int.random(in: 0..<8, using: &random) == 0
            return .note(isShort ? pick(["", "a", "b"]) : edited(shown), base: shown)
        }
    }

    /// The text after one or two small edits, of few different lines, so that edits often meet.
    private mutating func edited(_ text: String) -> String {
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let line = Array(pick(["a", "b", "c", "d", "e", "f", "", "a\r", "caf\u{E9}", "cafe\u{301}"]).utf8)
            let place = Int.random(in: 0...lines.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case ..<4 where lines.count < 12: lines.insert(line, at: place)
            case ..<6 where place < lines.count: lines[place] = line
            case ..<7 where place < lines.count: lines.remove(at: place)
            case 7 where lines.count > 4: lines.removeAll()
            default: break
            }
        }
        return String(decoding: Array(lines.joined(separator: [0x0A])), as: UTF8.self)
    }
}
