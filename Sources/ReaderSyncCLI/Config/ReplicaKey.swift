import SQLiteReplica
import SyncPorts

/// What a replica remembers of what was chosen for it, as `config` names it. It is kept in the replica alone, and set by the
/// same code as by the commands that remember it.
enum ReplicaKey: String, CaseIterable, Sendable {
    case bodies = "sync.bodies"
    case images = "sync.images"
    case budget = "sync.budget"
    case retain
    case feedsRetain = "feeds.retain"

    /// What it does, in a line.
    var meaning: String {
        switch self {
        case .bodies: "whose texts are kept: all, unread, saved, none; as 'sync --bodies'"
        case .images: "whose pictures are kept: all, unread, saved, none; as 'sync --images'"
        case .budget: "most room for pictures: 500MB, 2GB, unlimited; as 'sync --budget'"
        case .retain: "how old articles may get: 90d, 52w, off; as 'retain'"
        case .feedsRetain: "how long articles stay that left their feeds: 90d, forever; as 'feeds retain'"
        }
    }

    /// What holds where nothing was chosen.
    var standard: String {
        switch self {
        case .bodies: KeptArticles.all.rawValue
        case .images: KeptArticles.none.rawValue
        case .budget: ByteCount.exact(Replica.defaultPictureBudget)
        case .retain: RetainCommand.unbounded
        case .feedsRetain: TimeText.exact(Replica.defaultRetention)
        }
    }

    private var choice: RememberedChoice {
        switch self {
        case .bodies: .bodies
        case .images: .images
        case .budget: .imageBudget
        case .retain: .maximumAge
        case .feedsRetain: .retention
        }
    }

    /// What holds in a replica, as it can be set again; `nil`: nothing was chosen.
    func value(in replica: Replica) throws -> String? {
        guard try replica.isChosen(choice) else { return nil }
        switch self {
        case .bodies: return try replica.keptBodies.rawValue
        case .images: return try replica.keptPictures.rawValue
        case .budget: return try replica.pictureBudget.map(ByteCount.exact) ?? KeepingOptions.unbounded
        case .retain: return try replica.maximumAge.map(TimeText.exact) ?? RetainCommand.unbounded
        case .feedsRetain: return try replica.retention.map(TimeText.exact) ?? FeedRetainCommand.unbounded
        }
    }

    /// Sets it.
    ///
    /// - Throws: ``CommandFailure`` if the text is no value of it.
    func set(_ text: String, in replica: Replica) throws {
        switch self {
        case .bodies: try replica.setKeptBodies(kept(text))
        case .images: try replica.setKeptPictures(kept(text))
        case .budget: try replica.setPictureBudget(KeepingOptions.bytes(text))
        case .retain: try replica.setMaximumAge(RetainCommand.span(text))
        case .feedsRetain: try replica.setRetention(FeedRetainCommand.span(text))
        }
    }

    /// Has the default hold again.
    ///
    /// - Returns: whether something else did.
    func unset(in replica: Replica) throws -> Bool { try replica.forget(choice) }

    private func kept(_ text: String) throws -> KeptArticles {
        if let kept = KeptArticles(rawValue: text) { return kept }
        throw CommandFailure.notOne(of: KeptArticles.allCases.map(\.rawValue), text, for: rawValue)
    }
}
