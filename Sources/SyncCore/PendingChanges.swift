/// The rules for changes that have not reached a remote yet. They hold wherever the changes are stored.
public enum PendingChanges {
    /// Joins a new change with an unnumbered one of the same field: the newer takes the older's place, and a note
    /// keeps the text that the first edit started from.
    ///
    /// - Parameters:
    ///   - newer: the change being made.
    ///   - older: the unnumbered change of the same author and field that it replaces.
    public static func coalesce(_ newer: Change, over older: Change) -> Change {
        guard case .note(let text, _) = newer.value, case .note(_, let base) = older.value else { return newer }
        return Change(
            id: newer.id, stamp: newer.stamp, seen: newer.seen, key: newer.key, value: .note(text, base: base),
            extra: newer.extra) ?? newer
    }

    /// The order in which unnumbered changes get their numbers: what takes a consent or a subscription back
    /// leaves first, the rest in the order in which it was made. Stable.
    public static func departureOrder(_ changes: [Change]) -> [Change] {
        changes.filter(\.isOptOut) + changes.filter { !$0.isOptOut }
    }

    /// The context of a change after history was repaired: only what both histories share still counts as seen,
    /// and the entries of the change's own field that it had seen, at the places where they stand now.
    ///
    /// - Parameters:
    ///   - seen: the context in the old history.
    ///   - common: the last sequence that both histories share.
    ///   - places: for entries of the change's field beyond `common`, the old sequence and the new one.
    public static func rebase(
        _ seen: SeenContext, common: UInt64, places: [(old: UInt64, new: UInt64)]
    ) -> SeenContext {
        let moved = places.filter { seen.contains($0.old) && $0.old > common }.map(\.new)
        return SeenContext(
            through: min(seen.through, common), also: seen.also.filter { $0 <= common } + moved)
    }
}
