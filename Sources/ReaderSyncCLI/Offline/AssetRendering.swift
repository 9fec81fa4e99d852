import SyncPorts
import AssetEngine
import SyncCore
import TerminalText

/// What a run did about pictures.
enum AssetRendering {
    static func lines(_ report: AssetReport) -> [StyledText] {
        let facts: [(Bool, String)] = [
            (report.fetched > 0, "\(Plural.of(report.fetched, "picture")) (\(ByteCount.text(report.fetchedBytes)))"),
            (report.dropped > 0, "\(Plural.of(report.dropped, "picture")) dropped"),
            (report.failed > 0, "\(Plural.of(report.failed, "picture")) failed"),
            (report.isFull, "no room for more"), (report.isOffline, "no network for pictures"),
        ]
        let said = facts.filter(\.0).map(\.1)
        return said.isEmpty ? [] : [StyledText(said.joined(separator: ", "))]
    }

    static func json(_ report: AssetReport) -> JSONValue {
        .object([
            "fetched": .count(report.fetched), "fetchedBytes": .integer(report.fetchedBytes),
            "failed": .count(report.failed), "dropped": .count(report.dropped), "full": .bool(report.isFull),
            "wanted": .count(report.totals.wanted), "held": .count(report.totals.held),
            "bytes": .integer(report.totals.bytes),
            "failures": .array(
                report.failures.map { .object(["url": .string($0.url), "problem": .string($0.problem)]) }),
        ])
    }
}
