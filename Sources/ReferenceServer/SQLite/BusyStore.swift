import GRDB

/// Tells a store that is busy from one that failed.
enum BusyStore {
    /// Whether trying again later can help.
    static func isReason(for error: any Error) -> Bool {
        guard let code = (error as? DatabaseError)?.resultCode else { return false }
        return code == .SQLITE_BUSY || code == .SQLITE_LOCKED
    }
}
