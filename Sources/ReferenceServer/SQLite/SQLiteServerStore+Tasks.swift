import GRDB
import SQLiteChanges
import SyncCore

// Accesses of the ingest: they may wait long for another writer, and must not hold up a thread meanwhile. A task that is
// cancelled ends its access, and a transaction with it.
extension SQLiteServerStore {
    /// Reads one state of the database.
    ///
    /// - Parameter what: what it is for, as in "cannot list the sources".
    func reading<Result: Sendable>(
        _ what: String, _ work: @escaping @Sendable (Database) throws -> Result
    ) async throws(ServerError) -> Result {
        do {
            return try await reading(work)
        } catch {
            throw Self.failure(what, error)
        }
    }

    /// Runs a transaction.
    func writing<Result: Sendable>(
        _ what: String, _ work: @escaping @Sendable (Database) throws -> Result
    ) async throws(ServerError) -> Result {
        do {
            return try await writing(work)
        } catch {
            throw Self.failure(what, error)
        }
    }

    /// Reads one state of the database.
    func reading<Result: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        isSerial ? try readingHere(work) : try await database.read(work)
    }

    /// Runs a transaction.
    func writing<Result: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        guard !isSerial else { return try writingHere(work) }
        // GRDB's own transaction: it ends with its task.
        return try await database.write(work)
    }

    /// Reads one state of the database on the calling thread.
    func readingHere<Result>(_ work: (Database) throws -> Result) throws -> Result {
        guard isSerial else { return try connections.read(work) }
        // A single connection that was told that nothing may be written would prepare all statements anew.
        return try database.writeWithoutTransaction { db in try db.transaction(.deferred, work) }
    }

    /// Runs a transaction on the calling thread.
    func writingHere<Result>(_ work: (Database) throws -> Result) throws -> Result {
        try database.writeWithoutTransaction { db in try db.transaction(.immediate, work) }
    }

    private static func failure(_ what: String, _ error: any Error) -> ServerError {
        if let error = error as? ServerError { return error }
        if error is CancellationError { return ServerError(.storage, "interrupted: cannot \(what)") }
        let isBusy = BusyStore.isReason(for: error)
        return ServerError(
            .storage, "cannot \(what): \(isBusy ? "another process holds the database" : "\(error)")",
            remedy: isBusy ? "try again" : "")
    }
}
