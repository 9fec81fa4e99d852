import CSimulatedDisk

extension SimulatedDisk {
    /// What can fail.
    public enum CallKind: UInt32, CaseIterable, Sendable {
        /// `SQLITE_IOERR_READ`.
        case read
        /// `SQLITE_IOERR_WRITE`, and nothing is written.
        case write
        /// `SQLITE_IOERR_FSYNC`, and nothing becomes durable; the next sync has it all.
        case sync
        /// `SQLITE_IOERR_TRUNCATE`.
        case truncate
        /// `SQLITE_CANTOPEN`.
        case open
        /// `SQLITE_IOERR_DELETE`.
        case delete
        /// `SQLITE_IOERR_SHMMAP`: memory that connections share, asked for when one begins to use a log, and as the log
        /// grows.
        case share
    }

    /// What becomes of the operation at which a machine stops.
    public enum LastWrite: Sendable, Hashable {
        /// Nothing.
        case lost
        /// Of a write, what lies in the first sectors that it touches, of 512 bytes each. A truncation is done, anything
        /// else is not.
        case torn(sectors: Int)
        /// It is done, but nobody hears of it.
        case done
    }

    /// What a machine that starts anew has lost.
    public enum PowerLoss: Sendable, Hashable {
        /// Nothing that was written: only its processes ended. What they had not synced may still be lost with the power
        /// later.
        case none
        /// A choice of what was not synced, by sectors and in any order; other seeds choose otherwise.
        case unsynced(seed: UInt64)
    }

    /// Which locks another process holds.
    public enum HeldLocks: Sendable, Hashable {
        /// The one for writing. Others may read.
        case writing
        /// Whatever is asked for. Beyond some 100 attempts SQLite calls that a broken protocol.
        case any
    }

    /// Stops the machine at one of its next operations that change something: from then on all calls fail, until
    /// ``powerCycle(_:)`` or ``restore(_:)``.
    ///
    /// - Parameters:
    ///   - count: which operation, 1 for the next: a write, truncation, sync, deletion, creation or rename; 0 for none.
    ///   - last: what becomes of that operation.
    public func crash(afterMutations count: Int, _ last: LastWrite) {
        switch last {
        case .lost: simdisk_crash_after(disk, UInt64(count), SIM_LOST, 0)
        case .torn(let sectors): simdisk_crash_after(disk, UInt64(count), SIM_TORN, UInt32(sectors))
        case .done: simdisk_crash_after(disk, UInt64(count), SIM_DONE, 0)
        }
    }

    /// Whether the machine stopped.
    public var isCrashed: Bool { simdisk_is_crashed(disk) != 0 }

    /// Ends all processes of the machine, or takes its power, and starts it anew, crashed before or not. What was open
    /// stays unusable. Faults other than the crash stay.
    public func powerCycle(_ loss: PowerLoss) {
        switch loss {
        case .none: simdisk_power_cycle(disk, 0, 0)
        case .unsynced(let seed): simdisk_power_cycle(disk, 1, seed)
        }
    }

    /// Lets the disk be full at so many bytes of all files; `nil` for no limit. What fits of a write is done before SQLite
    /// hears `SQLITE_FULL`.
    public func limit(bytes: Int?) { simdisk_limit(disk, bytes.map { Int64($0) } ?? -1) }

    /// Lets calls of a kind fail. Replaces what was asked for of this kind.
    ///
    /// - Parameters:
    ///   - count: calls of the kind that go well before.
    ///   - times: how many fail then; 0 for none.
    public func fail(_ kind: CallKind, after count: Int, times: Int) {
        simdisk_fail(disk, simcall(kind.rawValue), UInt64(count), UInt64(times))
    }

    /// Lets the next attempts to lock a database find it locked by another process. SQLite asks some 60 times in a busy
    /// timeout of 5 seconds, which pass at once.
    public func holdLocks(attempts: Int, _ held: HeldLocks = .writing) {
        simdisk_hold_locks(disk, UInt64(attempts), held == .writing ? SIM_WRITING : SIM_ANY)
    }

    /// Takes all faults back that have not happened, and the limit of bytes.
    public func clearFaults() { simdisk_clear(disk) }
}
