import SQLiteReplica
import SyncCore
import SyncPorts

/// What can be read without a network, and what waits.
enum OfflineRendering {
    /// Rows for `status`.
    static func rows(_ status: OfflineStatus, articles: Int) -> [(String, String)] {
        let pictures = status.pictures
        var facts = ["\(articles - status.absentBodies) of \(Plural.articles(articles)) with text"]
        if status.keptPictures != .none || pictures.wanted > 0 {
            facts.append("\(pictures.held) of \(Plural.of(pictures.wanted, "picture"))")
        }
        if pictures.failed > 0 {
            facts.append("\(pictures.failed) failed" + (status.commonestProblem.map { " (\($0))" } ?? ""))
        }
        var kept = ["texts of \(text(status.keptBodies))", "pictures of \(text(status.keptPictures))"]
        if let age = status.maximumAge { kept.append("up to \(RetainCommand.text(age)) old") }
        return [("offline", facts.joined(separator: ", ")), ("kept", kept.joined(separator: ", "))]
    }

    private static func text(_ kept: KeptArticles) -> String {
        switch kept {
        case .all: "all articles"
        case .unread: "unread and saved articles"
        case .saved: "saved articles"
        case .none: "none"
        }
    }

    /// What it takes on disk.
    static func room(_ status: OfflineStatus) -> String {
        let pictures = status.pictures.bytes
        let budget = status.keptPictures == .none ? "" : status.pictureBudget.map { " of " + ByteCount.text($0) } ?? ""
        let free =
            status.freeBytes > status.databaseBytes / 10 ? ", \(ByteCount.text(status.freeBytes)) of it free" : ""
        let parts = [
            "database \(ByteCount.text(status.databaseBytes))\(free)",
            status.logBytes > 0 ? "its log \(ByteCount.text(status.logBytes))" : nil,
            pictures > 0 || !budget.isEmpty ? "pictures \(ByteCount.text(pictures))\(budget)" : nil,
        ].compactMap { $0 }
        let total = ByteCount.text(status.databaseBytes + status.logBytes + pictures)
        return "\(total): \(parts.joined(separator: ", "))"
    }

    /// `: 3 read, 1 note`; empty if there is nothing.
    static func text(_ counts: [OfflineStatus.Count]?) -> String {
        guard let counts, !counts.isEmpty else { return "" }
        return ": " + counts.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
    }

    static func json(_ status: OfflineStatus, articles: Int) -> [String: JSONValue] {
        [
            "articlesHeld": .count(articles - status.absentBodies), "picturesWanted": .count(status.pictures.wanted),
            "picturesHeld": .count(status.pictures.held), "picturesFailed": .count(status.pictures.failed),
            "pictureBytes": .integer(status.pictures.bytes),
            "pictureBudget": status.pictureBudget.map { .integer($0) } ?? .null,
            "databaseBytes": .integer(status.databaseBytes), "logBytes": .integer(status.logBytes),
            "freeBytes": .integer(status.freeBytes), "bodies": .string(status.keptBodies.rawValue),
            "images": .string(status.keptPictures.rawValue),
            "retainMinutes": status.maximumAge.map { .count($0 / 60_000) } ?? .null,
            "pendingByField": .array(
                status.pending.map { .object(["field": .string($0.kind), "count": .count($0.count)]) }),
            "setAsideByReason": .array(
                status.setAside.map { .object(["reason": .string($0.kind), "count": .count($0.count)]) }),
        ]
    }
}
