/// A kind of fault that a run may inject.
public enum FaultKind: String, CaseIterable, Hashable, Sendable {
    // The network.
    /// A request never arrives.
    case drop
    /// A request arrives twice, the second time perhaps much later: after others, or after its sender moved on.
    case duplicate
    /// Messages overtake each other.
    case reorder
    /// Messages take long.
    case delay
    /// An answer ends early.
    case truncate
    /// Bytes of a message are others.
    case corrupt
    /// A device, or all of them, cannot reach the server for a while.
    case partition
    /// The server did what was asked, and the answer is lost.
    case lostReply
    /// The server, or something before it, answers with an error of its own.
    case serverError
    // Machines and disks.
    /// A device's process dies, at any action or disk write.
    case crash
    /// A device loses power: what was not synced is lost, torn or out of order.
    case powerLoss
    /// The server's machine loses power.
    case serverCrash
    /// A device's disk is full for a while.
    case diskFull
    /// Another process holds a device's database.
    case busy
    /// Disk operations fail.
    case ioError
    // Clocks.
    /// Clocks are up to ten years wrong.
    case clockSkew
    /// Clocks jump.
    case clockJump
    /// Clocks stand still.
    case clockFrozen
    // Histories.
    /// A device is put back to an old image of its disk.
    case deviceRestore
    /// A device's disk is copied to a second machine.
    case deviceClone
    /// The server is put back to an older backup, and the devices meet it at once.
    case serverRestore
    /// The server is put back to an older backup, and most devices meet it when its log has grown past the old head.
    case serverRestoreLate
    /// The server's log is compacted while devices are away.
    case compaction
    // Rights and versions.
    /// A device's token is revoked; its reader logs in anew later.
    case tokenRevoked
    /// Devices and server are of different versions.
    case versions
    // New kinds go to the end: what a seed chose of the older ones stays.
    /// The server is put back once more while devices mend what it lost.
    case serverRestoreAgain
    /// The server refuses for a while what it should take: consents, and what takes them back.
    case refusals

    /// Kinds that put the server back.
    static let ofServerBackups: Set<FaultKind> = [.serverRestore, .serverRestoreLate, .serverRestoreAgain]
    /// Kinds that put disks back.
    static let ofBackups = ofServerBackups.union([.deviceRestore])
}
