import FeedFormats
import Foundation
import Testing

/// How far we agree with the oracle of one suite of other people's test data.
///
/// A suite is a loop: `begin` a file, `check` each field that has an expectation, and `settle` at the end, which fails
/// the test when too little agrees, when a disagreement has no reason in `exceptions.tsv`, or when a listed one agrees.
/// (`Foundation` for `FileHandle` and `ProcessInfo`: tests only.)
struct Agreement {
    /// One expectation that we do not meet.
    struct Disagreement {
        var file: String
        var field: String
        var ours: String
        var theirs: String
    }

    /// What kind of values are compared.
    enum Kind {
        /// Byte for byte, but for blanks around.
        case exact
        /// Words alone, whether either is text or markup.
        case words
        /// Words, and the addresses that links and images lead to.
        case html
    }

    let suite: String
    private(set) var checks = 0
    private(set) var disagreements: [Disagreement] = []
    private var files: Set<String> = []
    private var file = ""
    private var refusal: FeedError?

    init(_ suite: String) { self.suite = suite }

    /// Turns to another file; its name is what `exceptions.tsv` calls it. A `refusal` fails each of its checks.
    mutating func begin(_ file: String, refusal: FeedError? = nil) {
        self.file = file
        self.refusal = refusal
        files.insert(file)
    }

    /// Counts one expectation and whether we meet it.
    mutating func check(_ field: String, _ ours: String, _ theirs: String, as kind: Kind = .words) {
        let agrees =
            switch kind {
            case .exact: Corpora.trimmed(ours) == Corpora.trimmed(theirs)
            case .words: Corpora.agree(ours, theirs)
            case .html: Corpora.agree(ours, theirs) && Corpora.addressesAgree(ours, theirs)
            }
        expect(agrees, field, ours, theirs)
    }

    /// Counts one expectation that the caller has compared.
    mutating func expect(_ agrees: Bool, _ field: String, _ ours: String = "", _ theirs: String = "") {
        checks += 1
        if let refusal {
            disagreements.append(
                Disagreement(file: file, field: field, ours: "refused: \(refusal)", theirs: theirs))
        } else if !agrees {
            disagreements.append(Disagreement(file: file, field: field, ours: ours, theirs: theirs))
        }
    }

    /// The share that agrees, in thousandths.
    var permille: Int { checks == 0 ? 0 : (checks - disagreements.count) * 1000 / checks }

    /// Holds the suite against its floor (in thousandths) and its listed exceptions.
    func settle(floor: Int, atLeast minimum: Int) throws {
        let exceptions = try AgreementException.listed(for: suite)
        report(exceptions)
        #expect(checks >= minimum, "\(suite): only \(checks) checks were found")
        #expect(permille >= floor, "\(suite): \(permille) per mille agree; \(floor) must")
        for item in disagreements where !exceptions.contains(where: { $0.covers(item) }) {
            Issue.record("no reason: \(suite)\t\(item.file)\t\(item.field): \(item.ours) is not \(item.theirs)")
        }
        // Only files that are here can be stale: a corpus may hold another part of its source.
        for exception in exceptions where files.contains(exception.file) {
            #expect(
                disagreements.contains { exception.covers($0) },
                "stale: \(suite)\t\(exception.file)\t\(exception.field) agrees by now; take it off the list")
        }
    }

    /// Lines for `Tools/feed-agreement`, printed only on request, so that a normal run stays quiet.
    private func report(_ exceptions: [AgreementException]) {
        guard ProcessInfo.processInfo.environment["FEED_AGREEMENT"] != nil else { return }
        var lines = ["@SUITE\t\(suite)\t\(files.count)\t\(checks)\t\(checks - disagreements.count)"]
        for item in disagreements {
            let reason = exceptions.first { $0.covers(item) }?.reason ?? "NO REASON"
            let values = [item.ours, item.theirs].map { CollapsedLine.of($0, limit: 160) }
            lines.append("@EXCEPTION\t\(suite)\t\(item.file)\t\(item.field)\t\(reason)\t\(values[0])\t\(values[1])")
        }
        FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}

/// A line of `exceptions.tsv`: suite, file, field (or `*`), reason, separated by tabs.
struct AgreementException {
    var file: String
    var field: String
    var reason: String

    func covers(_ item: Agreement.Disagreement) -> Bool {
        item.file == file && (field == "*" || field == item.field)
    }

    static func listed(for suite: String) throws -> [AgreementException] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("exceptions.tsv")
        let text = try String(decoding: Data(contentsOf: url), as: UTF8.self)
        return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(columns.count == 4 && !columns[3].isEmpty, "not four columns: \(line)")
            return columns[0] == suite
                ? AgreementException(file: columns[1], field: columns[2], reason: columns[3]) : nil
        }
    }
}

/// A value on one line of a report.
enum CollapsedLine {
    static func of(_ text: String, limit: Int) -> String {
        String(text.split { $0.isWhitespace }.joined(separator: " ").prefix(limit))
    }
}
