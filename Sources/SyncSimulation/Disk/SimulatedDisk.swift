import CSimulatedDisk

/// The storage of one simulated machine: files in memory that SQLite reads and writes through a VFS of its own, and that
/// lose power, run full and fail when they are told to. `CSimulatedDisk.h` says what survives a loss of power, and why.
///
/// Faults are in `SimulatedDisk+Faults.swift`, single files in `SimulatedDisk+Files.swift`. Memory is freed when the
/// object and the last connection to a database on it are gone.
///
/// `@unchecked Sendable`: the pointer never changes, and every C call with it takes the lock of all disks.
public final class SimulatedDisk: @unchecked Sendable {
    let disk: OpaquePointer

    /// Makes an empty disk. The first one of a process installs the VFS as SQLite's default, for connections that are
    /// opened from then on.
    public init() {
        simdisk_install()
        disk = simdisk_make()
    }

    deinit { simdisk_release(disk) }

    /// Tells SQLite that this process has one thread, so that it takes no locks. To be called before anything of SQLite
    /// is used, by a program that runs simulations and nothing else.
    public static func useOneThread() {
        precondition(simdisk_use_one_thread() == 0, "SQLite was in use before it was told that there is one thread")
    }

    /// Makes SQLite's own chance, which salts its logs, follow from a seed, for the whole process, while there are disks.
    public static func seedRandomness(_ seed: UInt64) { simdisk_seed(seed) }

    /// Disks of this process that are not freed.
    public static var live: Int { Int(simdisk_live()) }

    /// Microseconds that this process would have slept for locks on simulated disks. It never really does.
    public static var slept: Int { Int(simdisk_slept()) }

    /// What SQLite is given to open a file of the disk: "/simulated-disk/17/replica.sqlite". The number is different for
    /// each disk of a process.
    public func path(_ name: String) -> String { "/simulated-disk/\(simdisk_number(disk))/\(name)" }

    /// A copy of all files as they are now, written or synced: what a clone of the running machine would have. Takes no
    /// time for bytes, which are copied once the disk changes them.
    public func image() -> DiskImage { DiskImage(simdisk_image(disk)) }

    /// Puts a copy in the place of all files, durably, and starts the machine anew, crashed or not. What was open before
    /// stays unusable. Takes no time for bytes.
    public func restore(_ image: DiskImage) { simdisk_restore(disk, image.image) }

    /// What was done on the disk since it was made.
    public struct Counters: Sendable, Hashable {
        /// Operations that changed something, as ``SimulatedDisk/crash(afterMutations:_:)`` counts them.
        public var mutations = 0
        /// Reads, also such as failed by a fault; so for all kinds of calls.
        public var reads = 0
        /// Writes.
        public var writes = 0
        /// Syncs.
        public var syncs = 0
        /// Bytes that SQLite wrote.
        public var bytesWritten = 0
        /// Bytes that SQLite read.
        public var bytesRead = 0
        /// Locks that were refused.
        public var busy = 0
    }

    /// What was done so far.
    public var counters: Counters {
        let counted = simdisk_counters(disk)
        return Counters(
            mutations: Int(counted.mutations), reads: Int(counted.calls.0), writes: Int(counted.calls.1),
            syncs: Int(counted.calls.2), bytesWritten: Int(counted.bytes_written),
            bytesRead: Int(counted.bytes_read), busy: Int(counted.busy))
    }

    /// Operations so far that changed something.
    public var mutations: Int { Int(simdisk_counters(disk).mutations) }

    /// Bytes of all files.
    public var size: Int { Int(simdisk_size(disk)) }
}

/// A copy of a disk's files. Cheap to keep: bytes are shared with the disk until that changes them.
///
/// `@unchecked Sendable`: what the pointer leads to never changes, but for counts of references under the C side's lock.
public final class DiskImage: @unchecked Sendable {
    fileprivate let image: OpaquePointer

    fileprivate init(_ image: OpaquePointer) {
        self.image = image
    }

    deinit { simimage_free(image) }

    /// Bytes of all files.
    public var size: Int { Int(simimage_size(image)) }
}
