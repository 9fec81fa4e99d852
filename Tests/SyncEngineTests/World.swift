import Foundation
import SQLiteReplica
import SyncCore
import SyncEngine
import SyncPorts
import SyncSession
import SyncTestKit
import SystemPorts
import Testing

/// A folder for one test's files, gone with the last reference to it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        // Memory where there is some: these tests are about what is written, not about how fast a disk is.
        let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = root + "/reader-sync-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

/// One device: a real replica on a real file, synced with a remote in memory.
struct Device {
    let replica: Replica
    let remote: any Remote
    let clock: ManualClock
    let scratch: Scratch
    let path: String
    private let random: SeededRandomSource
    private let sleeper = InstantSleeper()

    init(_ seed: UInt64, remote: any Remote, clock: ManualClock = ManualClock(), scratch: Scratch? = nil) throws {
        self.remote = remote
        self.clock = clock
        self.scratch = try scratch ?? Scratch()
        random = SeededRandomSource(seed: seed)
        path = self.scratch.file("device-\(seed).sqlite")
        replica = try Replica.create(at: path, as: ReplicaID(rawValue: 0xD0 + seed))
    }

    private init(copying other: Device, as name: String) throws {
        (remote, clock, scratch) = (other.remote, other.clock, other.scratch)
        random = SeededRandomSource(seed: UInt64(name.utf8.count) &* 977)
        path = scratch.file(name + ".sqlite")
        try FileManager.default.copyItem(atPath: other.path, toPath: path)
        replica = try Replica(opening: path)
    }

    /// A second device from a copy of this one's file, as a backup or a cloned disk makes it.
    func cloned(as name: String) throws -> Device {
        try replica.close()
        return try Device(copying: self, as: name)
    }

    /// This device again, after its file was closed.
    func reopened() throws -> Replica { try Replica(opening: path) }

    @discardableResult
    func sync(
        replica other: Replica? = nil, options: ClientSession.Options = ClientSession.Options()
    ) async throws -> SyncReport {
        let engine = SyncEngine(
            store: other ?? replica, remote: remote, clock: clock, sleeper: sleeper, random: random, lock: FreeLock(),
            executor: DispatchExecutor(label: "test"))
        return try await engine.sync(options: options)
    }

    func mark(_ edits: [Edit]) throws {
        clock.advance(by: 1)
        _ = try replica.record(edits, at: clock.now())
    }

    var state: String { get throws { try replica.exportState() } }
}

func article(_ number: Int) -> ArticleID { ArticleID(publication: "p", guid: "\(number)") }

func name(_ text: String) -> EntityName {
    guard let name = EntityName(text) else { preconditionFailure("not a name: \(text)") }
    return name
}

func edit(_ entity: Entity, _ field: Field, _ value: Value) -> Edit {
    guard let key = RegisterKey(entity, field) else { preconditionFailure("no such field") }
    return Edit(key, value)
}

func saved(_ number: Int, _ flag: Bool = true) -> Edit { edit(.article(article(number)), .saved, .flag(flag)) }

func note(_ number: Int, _ text: String) -> Edit { edit(.article(article(number)), .note, .note(text, base: "")) }

let weekly = Entity.newsletter(name("weekly"))

/// Random edits of every field, on few enough articles that devices meet.
func randomEdits(_ count: Int, using random: inout SeededRandom) -> [Edit] {
    let terms = ConsentTerms(
        wordingVersion: "1", wordingHash: "h", policyVersion: "1", termsVersion: "1", surface: "test")
    let tags = ["a", "b", "ü"].compactMap { TagName($0) }
    let cadences = ["daily", "weekly", "monthly"].compactMap { Cadence($0) }
    return (0..<count).map { _ in
        let target = Entity.article(article(Int.random(in: 0..<60, using: &random)))
        let flag = Bool.random(using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1, 2:
            let origin = MarkOrigin.allCases.randomElement(using: &random) ?? .explicit
            return edit(target, .read, .read(flag, by: origin))
        case 3: return edit(target, .saved, .flag(flag))
        case 4: return edit(target, .progress, .progress(Int.random(in: 0...10_000, using: &random)))
        case 5, 6: return edit(target, .tag(tags.randomElement(using: &random) ?? tags[0]), .flag(flag))
        case 7:
            let lines = (0..<Int.random(in: 0...4, using: &random)).map {
                "line \($0) \(Int.random(in: 0...2, using: &random))"
            }
            return edit(target, .note, .note(lines.joined(separator: "\n"), base: ""))
        case 8:
            return flag
                ? edit(weekly, .subscribed, .flag(.random(using: &random)))
                : edit(weekly, .frequency, .frequency(cadences.randomElement(using: &random) ?? cadences[0]))
        default: return edit(.consent(name("brandOffers")), .consent, .consent(flag, terms))
        }
    }
}
