import FeedEngine
import SyncCore
import SyncSession
import TerminalText

extension SyncOutcome {
    /// Whether the server's part did anything.
    private var serverDidSomething: Bool {
        guard let report else { return false }
        return report.state != StateSummary() || report.catalog != CatalogSummary() || !report.repairs.isEmpty
            || report.resolvedByPolicy > 0
    }

    /// Whether the server had something that this replica did not send.
    var hasServerNews: Bool {
        guard let report else { return false }
        return report.state.received > 0 || report.catalog != CatalogSummary()
    }

    /// Whether a feed brought anything.
    var feedsDidSomething: Bool { (feeds?.catalog ?? CatalogSummary()) != CatalogSummary() }

    /// Whether anything is different from before.
    var didSomething: Bool { !news.isEmpty }

    /// What is different from before, in lines.
    var news: [StyledText] {
        var lines: [StyledText] = []
        if serverDidSomething, let report { lines += SyncRendering.lines(report) }
        if feedsDidSomething, let feeds { lines += FeedRendering.lines(feeds) }
        return lines + keepingLines
    }
}
