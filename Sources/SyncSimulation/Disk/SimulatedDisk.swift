import CSimulatedDisk

/// The storage of one simulated machine: files in memory that SQLite reads and writes through a VFS of its own, and that
/// lose power, run full and fail when they are told to (Sources/CSimulatedDisk).
///
/// `@unchecked Sendable`: the pointer never changes, and every call that goes through it takes a lock.
public final class SimulatedDisk: @unchecked Sendable {
    /// What can fail.
    public enum CallKind: UInt32, CaseIterable, Sendable {
        case read, write, sync, truncate, open, delete, share
    }

    /// What becomes of the operation at which a machine stops.
    public enum LastWrite: Sendable, Hashable {
        /// Nothing.
        case lost
        /// Its first sectors, of 512 bytes each, are done.
        case torn(sectors: Int)
        /// It is done, but nobody hears of it.
        case done
    }

    /// What a machine that starts anew has lost.
    public enum PowerLoss: Sendable, Hashable {
        /// Nothing that was written: only its processes ended.
        case none
        /// A choice of what was not synced, by sectors and in any order; other seeds choose otherwise.
        case unsynced(seed: UInt64)
    }

    private let disk: OpaquePointer

    /// Makes an empty disk.
    public init() {
        simdisk_install()
        disk = simdisk_make()
    }

    deinit { simdisk_release(disk) }

    /// Makes SQLite's own chance, which salts its logs, follow from a seed, for the whole process.
    public static func seedRandomness(_ seed: UInt64) { simdisk_seed(seed) }

    /// Disks of this process that are not freed.
    public static var live: Int { Int(simdisk_live()) }

    /// What SQLite is given to open a file of the disk.
    public func path(_ name: String) -> String { "/simulated-disk/\(simdisk_number(disk))/\(name)" }

    // MARK: Files

    /// Whether there is a file.
    public func exists(_ name: String) -> Bool { simdisk_exists(disk, name) != 0 }

    /// Makes an empty file, if there is none. Returns whether there is one now.
    @discardableResult
    public func create(_ name: String) -> Bool { simdisk_create(disk, name) != 0 }

    /// Takes a file away. Returns whether it could.
    @discardableResult
    public func remove(_ name: String) -> Bool { simdisk_remove(disk, name) != 0 }

    /// Gives a file another name, at once and durably. Returns whether it could.
    @discardableResult
    public func rename(_ name: String, to other: String) -> Bool { simdisk_rename(disk, name, other) != 0 }

    /// Inverts bits of one byte. Returns whether there was one.
    @discardableResult
    public func damage(_ name: String, at offset: Int, bits: UInt8) -> Bool {
        simdisk_damage(disk, name, offset, bits) != 0
    }

    /// Bytes of all files.
    public var size: Int { Int(simdisk_size(disk)) }

    /// A copy of all files as they are now.
    public func image() -> DiskImage { DiskImage(simdisk_image(disk)) }

    /// Puts a copy in the place of all files. What was open before stays unusable.
    public func restore(_ image: DiskImage) { simdisk_restore(disk, image.image) }

    // MARK: Faults

    /// Stops the machine at one of its next operations that change something: from then on all calls fail.
    ///
    /// - Parameter count: which operation, 1 for the next: a write, truncation, sync, deletion or creation.
    public func crash(afterMutations count: Int, _ last: LastWrite) {
        switch last {
        case .lost: simdisk_crash_after(disk, UInt64(count), SIM_LOST, 0)
        case .torn(let sectors): simdisk_crash_after(disk, UInt64(count), SIM_TORN, UInt32(sectors))
        case .done: simdisk_crash_after(disk, UInt64(count), SIM_DONE, 0)
        }
    }

    /// Whether the machine stopped.
    public var isCrashed: Bool { simdisk_is_crashed(disk) != 0 }

    /// Starts the machine anew. What was open before stays unusable.
    public func powerCycle(_ loss: PowerLoss) {
        switch loss {
        case .none: simdisk_power_cycle(disk, 0, 0)
        case .unsynced(let seed): simdisk_power_cycle(disk, 1, seed)
        }
    }

    /// Lets the disk be full at so many bytes of all files; `nil` for no limit.
    public func limit(bytes: Int?) { simdisk_limit(disk, bytes.map { Int64($0) } ?? -1) }

    /// Lets calls of a kind fail.
    ///
    /// - Parameters:
    ///   - count: calls of the kind that go well before.
    ///   - times: how many fail then.
    public func fail(_ kind: CallKind, after count: Int, times: Int) {
        simdisk_fail(disk, simcall(kind.rawValue), UInt64(count), UInt64(times))
    }

    /// Lets the next attempts to lock a database for writing find it locked by another process.
    public func holdLocks(attempts: Int) { simdisk_hold_locks(disk, UInt64(attempts)) }

    /// Takes all faults back that have not happened.
    public func clearFaults() { simdisk_clear(disk) }

    /// Operations so far that changed something.
    public var mutations: Int { Int(simdisk_mutations(disk)) }

    /// Calls so far of a kind.
    public func calls(_ kind: CallKind) -> Int { Int(simdisk_calls(disk, simcall(kind.rawValue))) }
}

/// A copy of a disk's files.
///
/// `@unchecked Sendable`: never changes.
public final class DiskImage: @unchecked Sendable {
    fileprivate let image: OpaquePointer

    fileprivate init(_ image: OpaquePointer) {
        self.image = image
    }

    deinit { simimage_free(image) }
}
