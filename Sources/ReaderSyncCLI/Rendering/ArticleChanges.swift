import SQLiteReplica
import SyncCore
import TerminalText

/// What changed in an article since it was read.
struct ArticleChanges {
    /// The number of the revision that was read; `nil` if it is not known, or none was.
    private let readRevision: Int?
    /// The revision that was read; `nil` if it is not held.
    let read: ArticleRevision?
    /// The newest one.
    let newest: ArticleRevision
    private let parts: [(name: String, difference: TextDifference)]

    /// What changed in an article that is held; `nil` if no revision of it is.
    init?(since id: ArticleID, in replica: Replica) throws {
        let revisions = try replica.revisions(of: id)
        guard let newest = revisions.first else { return nil }
        self.newest = newest
        let number = try replica.readRevision(of: id)
        readRevision = number
        read = revisions.first { $0.revision == number }
        guard let read else {
            parts = []
            return
        }
        parts = [
            ("headline", TextDifference(from: read.headline, to: newest.headline)),
            ("standfirst", TextDifference(from: read.standfirst ?? "", to: newest.standfirst ?? "")),
            ("body", TextDifference(from: read.bodyText, to: newest.bodyText)),
        ]
    }

    /// Whether any word differs.
    var isAny: Bool { parts.contains { $0.difference.isAny } }

    /// Paragraphs with a difference, and one before and after each.
    func lines(width: Int) -> [StyledText] {
        guard let read else { return [] }
        if read.revision == newest.revision {
            return [StyledText("not corrected since you read it, at revision \(read.revision)", .dim)]
        }
        var result = [
            StyledText("revision \(read.revision) → \(newest.revision)", .bold)
                + StyledText(newest.updated.map { ", " + TimeText.local($0) } ?? "", .dim)
        ]
        for part in parts where part.difference.isAny {
            result += ["", StyledText(part.name, .accent)]
            result += DifferenceRendering.unified(part.difference, width: width, context: 1)
        }
        return isAny ? result : result + [StyledText("nothing in its text", .dim)]
    }

    func json(_ id: ArticleID) -> JSONValue {
        var changes: [String: JSONValue] = [:]
        for part in parts { changes[part.name] = Self.json(part.difference) }
        return .object([
            "id": .string(id.description), "readRevision": readRevision.map { .count($0) } ?? .null,
            "revision": .count(newest.revision), "changed": .bool(isAny),
            "changes": read == nil ? .null : .object(changes),
        ])
    }

    private static func json(_ difference: TextDifference) -> JSONValue {
        .array(
            difference.pieces.map { piece in
                let kind =
                    switch piece.kind {
                    case .kept: "kept"
                    case .removed: "removed"
                    case .added: "added"
                    }
                return .object(["kind": .string(kind), "text": .string(piece.text)])
            })
    }
}
