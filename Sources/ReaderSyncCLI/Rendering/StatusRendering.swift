import SQLiteReplica
import SyncCore
import TerminalText

/// Where a replica stands.
enum StatusRendering {
    /// - Parameters:
    ///   - feeds: the feeds that the replica reads itself.
    ///   - isLoggedIn: whether a token for the remote is at hand.
    ///   - command: a command as the person would type it.
    static func lines(
        _ status: ReplicaStatus, offline: OfflineStatus? = nil, feeds: [FeedSubscription], path: String,
        isLoggedIn: Bool, now: WallTime, command: (String) -> String
    ) -> [StyledText] {
        let server = status.remote.map { $0 + (isLoggedIn ? "" : "  (not logged in)") } ?? "none"
        var rows: [(String, String)] = [
            ("replica", path), ("server", server), ("account", status.account ?? "-"),
            (
                "last sync",
                status.lastSync.map { "\(TimeText.local($0)) (\(TimeText.age($0, now: now)))" } ?? "never"
            ),
            ("articles", "\(status.articles): \(status.unread) unread, \(status.saved) saved"),
            ("not sent yet", Plural.changes(status.pending) + OfflineRendering.text(offline?.pending)),
            ("set aside", Plural.changes(status.setAside) + OfflineRendering.text(offline?.setAside)),
            ("conflicts", String(status.conflicts)),
            ("on disk", offline.map { OfflineRendering.room($0) } ?? ByteCount.text(status.bytes)),
        ]
        if let offline {
            let place = rows.firstIndex { $0.0 == "not sent yet" } ?? rows.count
            rows.insert(contentsOf: OfflineRendering.rows(offline, articles: status.articles), at: place)
        }
        if !feeds.isEmpty {
            rows.insert(("feeds", text(of: feeds, now: now)), at: 4)
            // Without a server, to sync is to read the feeds, and when that was is said there.
            if status.remote == nil { rows.removeAll { $0.0 == "last sync" } }
        }
        if status.held > 0 {
            let text = "changes of other devices that would turn over \(Plural.of(status.held, "mark"))"
            rows.insert(("held back", text), at: (rows.firstIndex { $0.0 == "conflicts" } ?? rows.count))
        }
        if status.unindexed > 0 { rows.append(("not indexed", "\(status.unindexed) articles")) }
        if abs(status.clockOffset) >= 2_000 { rows.append(("clock", clock(status.clockOffset))) }
        var result = rows.map { StyledText($0.0, .dim).padded(to: 14) + StyledText($0.1) }
        for (applies, words) in [
            (status.remote == nil ? feeds.isEmpty : !isLoggedIn, "login \(status.remote ?? "URL")"),
            (status.remote == nil && feeds.isEmpty, "add URL"), (feeds.contains { $0.fetch.problem != nil }, "feeds"),
            (status.held > 0, "sync --dry-run"), (status.conflicts > 0, "conflicts"),
            (status.setAside > 0, "set-aside"),
        ] where applies {
            result.append(StyledText("  → ", .dim) + StyledText(command(words)))
        }
        return result
    }

    private static func text(of feeds: [FeedSubscription], now: WallTime) -> String {
        let failing = feeds.count { $0.fetch.problem != nil }
        let last = feeds.compactMap(\.fetch.checked).max()
        let facts = [
            "\(feeds.count) of this replica's own", failing > 0 ? "\(failing) failing" : nil,
            last.map { "read \(TimeText.local($0)) (\(TimeText.age($0, now: now)))" } ?? "never read",
        ]
        return facts.compactMap { $0 }.joined(separator: ", ")
    }

    private static func clock(_ offset: Int64) -> String {
        "this machine's is \(abs(offset) / 1_000) s \(offset > 0 ? "behind" : "ahead of") the server's; stamps are corrected"
    }

    static func json(
        _ status: ReplicaStatus, offline: OfflineStatus, feeds: [FeedSubscription], path: String, isLoggedIn: Bool
    ) -> JSONValue {
        let members: [String: JSONValue] = [
            "ownFeeds": .count(feeds.count), "failingFeeds": .count(feeds.count { $0.fetch.problem != nil }),
            "path": .string(path), "replica": .string(status.replica.description),
            "server": .optional(status.remote), "loggedIn": .bool(isLoggedIn),
            "account": .optional(status.account),
            "sequence": .count(status.cursor.sequence), "articles": .count(status.articles),
            "unread": .count(status.unread), "saved": .count(status.saved), "pending": .count(status.pending),
            "setAside": .count(status.setAside), "conflicts": .count(status.conflicts),
            "heldBack": .count(status.held), "unindexed": .count(status.unindexed), "bytes": .integer(status.bytes),
            "lastSync": ValueRendering.json(status.lastSync), "clockOffset": .integer(status.clockOffset),
        ]
        let more = OfflineRendering.json(offline, articles: status.articles)
        return .object(members.merging(more) { own, _ in own })
    }
}

/// Numbers with their nouns.
enum Plural {
    static func changes(_ count: Int) -> String { of(count, "change") }
    static func articles(_ count: Int) -> String { of(count, "article") }

    static func of(_ count: some BinaryInteger, _ noun: String, _ plural: String? = nil) -> String {
        "\(count) " + (count == 1 ? noun : plural ?? noun + "s")
    }
}
