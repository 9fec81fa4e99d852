import ArgumentParser
import ReferenceServer
import SyncCore
import SystemPorts

/// `withdraw`: takes articles back.
struct Withdraw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take articles back.",
        discussion: """
            Readers' devices drop their text with the next sync and list them no more; what readers marked stays. A feed \
            that goes on listing an article as it was changes nothing; when the publisher corrects it, it is back. All \
            or none are withdrawn; one that already is stays so. The server's database, and whoever asks it for the \
            publication's history, keep what was said: history is never rewritten.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "An article: its id (32 hex digits), the address of its page, or its guid.")
    var article: [String]

    @Flag(help: "Print a report as JSON.")
    var json = false

    func run() throws {
        let withdrawals = try database.open().withdraw(named: article, at: SystemWallClock().now())
        if json { return try Output.json(withdrawals.map(WithdrawalJSON.init)) }
        for withdrawal in withdrawals {
            let name = "\(withdrawal.publication) \(withdrawal.number): \(Output.printable(withdrawal.headline))"
            let since = Output.instant(withdrawal.withdrawn.milliseconds)
            Output.line(withdrawal.isNew ? "withdrawn: \(name)" : "withdrawn already, at \(since): \(name)")
        }
    }
}

/// What became of an article, as JSON.
private struct WithdrawalJSON: Encodable {
    let id: String
    let publication: String
    let number: UInt64
    let headline: String
    /// RFC 3339, UTC.
    let withdrawn: String
    /// Whether it was not withdrawn before.
    let isNew: Bool

    enum CodingKeys: String, CodingKey {
        case id, publication, number, headline, withdrawn
        case isNew = "new"
    }

    init(_ withdrawal: Withdrawal) {
        id = withdrawal.article.description
        publication = withdrawal.publication.text
        number = withdrawal.number
        headline = withdrawal.headline
        withdrawn = Output.instant(withdrawal.withdrawn.milliseconds)
        isNew = withdrawal.isNew
    }
}
