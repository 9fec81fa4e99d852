import ArgumentParser
import SQLiteReplica
import SyncPorts

extension KeptArticles: ExpressibleByArgument {}

/// What is kept at hand for reading without a network. What is given is remembered.
struct KeepingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep the texts of these articles: all, unread (and saved) ones, saved ones (and those with a tag or note), none. Remembered; all at first.",
            discussion: """
                The server's history carries the texts, so this saves room and not transfer. Headlines and what search \
                knows stay. Texts that are wanted again are fetched again: from the server, or from feeds that still have \
                them.
                """,
            valueName: "which"))
    var bodies: KeptArticles?

    @Option(
        help: ArgumentHelp(
            "Keep the pictures of these articles: all, unread (and saved) ones, saved ones, none. Remembered; none at first.",
            valueName: "which"))
    var images: KeptArticles?

    @Option(
        help: ArgumentHelp(
            """
            Most room for pictures: 500MB, 2GB, unlimited. What was read and is old goes first, saved articles' never. \
            Remembered; 1GB at first.
            """, valueName: "size"))
    var budget: String?

    @Flag(help: "Fetch pictures from this machine and private networks too.")
    var allowPrivateAddresses = false

    /// No bound, in place of a size.
    static let unbounded = "unlimited"

    /// The budget that a text is; `nil`: none.
    ///
    /// - Throws: ``CommandFailure`` if it is no size.
    static func bytes(_ text: String) throws -> Int64? {
        guard text != unbounded else { return nil }
        guard let bytes = ByteCount.parse(text) else {
            throw CommandFailure.usage("'\(text)' is no size", remedy: "write 500MB, 2GB or \(unbounded)")
        }
        guard bytes > 0 else {
            throw CommandFailure.usage("a budget of nothing keeps no pictures", remedy: "give '--images none'")
        }
        // 12 is hardly meant to be twelve bytes.
        guard text.contains(where: \.isLetter) else {
            throw CommandFailure.usage("'\(text)' has no unit", remedy: "write \(text)MB or \(text)GB")
        }
        return bytes
    }

    /// Remembers what was given.
    func remember(in replica: Replica) throws {
        let bytes = try budget.map(Self.bytes)
        if let bytes { try replica.setPictureBudget(bytes) }
        if let bodies { try replica.setKeptBodies(bodies) }
        if let images { try replica.setKeptPictures(images) }
    }
}
