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

    /// Pictures that are named with the reason; the rest has the same reasons for the most part, and is in `status`.
    private static let namedFailures = 3

    /// Why pictures could not be fetched, and what to do. That there is no network is said once, and not of each picture.
    static func warn(of report: AssetReport, _ context: Context) {
        guard report.failed > 0, !report.isOffline else { return }
        let output = context.output
        for failure in report.failures.prefix(namedFailures) {
            output.warn("\(failure.url.count > 100 ? failure.url.prefix(99) + "…" : failure.url): \(failure.problem)")
        }
        if report.failed > namedFailures {
            output.warn(
                "and \(Plural.of(report.failed - namedFailures, "more picture")) → \(context.command("status"))")
        }
        output.remark(
            report.failures.contains(where: \.isRefusedAddress)
                ? StyledText("  → ", .dim) + StyledText(context.command("sync --allow-private-addresses"))
                    + StyledText(" fetches what is in your own network", .dim)
                : StyledText("  a later sync tries again by itself", .dim))
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
