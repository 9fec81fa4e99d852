public import SyncCore

/// The part of a replica that follows the log: what sync reads and writes of the reader's state. Synchronous; each
/// call is one transaction that is durable when it returns. Owned by one task at a time.
public protocol StateStore: Sendable {
    /// Where the replica stands.
    func syncState() throws -> SyncState

    /// The next changes to send: those that were sent before and are not acknowledged, then new ones, which get
    /// their numbers here, durably, before anything leaves. Changes of `fields` only, in the order of their numbers,
    /// and none that is numbered up to `number`.
    func changesToPush(
        limit: Int, fields: Set<RemoteCapabilities.FieldKind>, after number: UInt64
    ) throws -> [Change]

    /// Applies a page of the log with its cursor, the remote's time, refusals, library and account in one
    /// transaction. Acknowledges a pending change by its id, and only if the entry says what was sent.
    ///
    /// - Throws: if any row cannot be read back or written; then nothing is applied.
    func apply(_ reply: ExchangeReply, at now: WallTime) throws -> StateSummary

    /// Applies pages that follow each other as ``apply(_:at:)`` does, in one transaction; nothing of them but the account
    /// if they would turn over too many marks, see ``SyncCore/Flips/isHeld``.
    func apply(holding replies: [ExchangeReply], at now: WallTime) throws -> PullOutcome

    /// Puts a page of a snapshot aside; the visible state does not change yet. The first page drops an older one.
    func stage(_ page: SnapshotPage, isFirst: Bool) throws

    /// Puts the staged snapshot in the place of all registers, and its cursor with it; pending changes are
    /// replayed on top with contexts rebased to `common`.
    ///
    /// - Parameters:
    ///   - common: the last sequence that the old history and the new one share; `nil` if they are the same.
    ///   - holdsFlips: whether nothing is done if that would turn over too many marks; the snapshot stays aside.
    func adoptSnapshot(common: UInt64?, holdsFlips: Bool, at now: WallTime) throws -> PullOutcome

    /// Cursors at which the replica once stood, newest first, at most `limit`.
    func checkpoints(limit: Int) throws -> [StateCursor]

    /// Entries beyond `sequence` that the replica holds, by the sequences of the history that was lost, with what
    /// each had seen of its own field beyond `common`.
    func offers(after sequence: UInt64, common: UInt64, limit: Int) throws -> [RestoreOffer.Entry]

    /// Puts aside where offered entries stand now. Nothing else changes until ``adoptSnapshot(common:at:)``, so
    /// that a restore which is cut short begins anew without harm.
    func recordRestore(_ offer: RestoreOffer, reply: RestoreReply) throws

    /// Makes the resolving changes that the reader's policies ask for.
    ///
    /// - Returns: how many were made.
    func settleByPolicy(at now: WallTime) throws -> Int

    /// What applying these pages, one after the other, would do; the replica does not change.
    func preview(_ replies: [ExchangeReply], at now: WallTime) throws -> StatePreview

    /// Takes a new identity; changes that are not in the log under the old one become unnumbered and pending under
    /// the new one, having seen what the old one wrote.
    func reidentify(as replica: ReplicaID) throws
}

/// The part of a replica that holds the catalog. Synchronous; each call is one transaction.
public protocol CatalogStore: Sendable {
    /// The runs of each publication's history that the replica holds.
    func catalogState() throws -> [CatalogState]

    /// Applies a page of history and the range it covers in one transaction. An older revision never replaces a
    /// newer one. With `resets`, whatever was held of this history is forgotten first (articles stay).
    func apply(_ page: CatalogPage, resets: Bool) throws -> CatalogSummary
}

/// Lets one process at a time sync a replica. The lock dies with its process.
public protocol SyncLock: Sendable {
    /// Takes the lock if it is free.
    ///
    /// - Returns: a token that holds the lock until ``SyncLockToken/release()``; `nil` if another process holds it.
    func acquire() throws -> (any SyncLockToken)?
}

/// A lock that is held.
public protocol SyncLockToken: Sendable {
    /// Gives the lock back. Harmless when called again.
    func release()
}
