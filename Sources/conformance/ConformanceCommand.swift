import ArgumentParser
import ConformanceChecks
import CurlTransport
import Glibc
import SyncPorts
import SystemPorts

/// Holds a server against the protocol and prints what conforms. `Tools/conformance` builds and starts it.
@main
struct ConformanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Hold any server against Protocol/spec.md, openapi.json and the vectors.",
        discussion: """
            Needs a token of a reader made for it: some five thousand changes are written to that reader's log, subscriptions \
            and consents among them, and the log must not be compacted meanwhile. One token is used for many replicas. \
            What the server lacks is not tested, and said so: a publication with 128 lines of history, a newsletter and a \
            consent on offer, a second reader. It may be run again with the same reader; nothing is taken back.

            Exit status: 0 all that was tested conforms, 1 something does not (with --all also if something was not \
            tested), 64 wrong options.
            """)

    @Argument(help: "Where the server answers: https://host or http://127.0.0.1:8080.") var url: String?
    @Option(help: "The reader's token; better in READER_SYNC_TOKEN, where other programs do not see it.") var token:
        String?
    @Option(help: "A token of another reader; or READER_SYNC_OTHER_TOKEN.") var otherToken: String?
    @Option(help: "The folder with openapi.json and vectors.") var `protocol` = "Protocol"
    @Option(help: "Run only the checks with these names, with commas between them.") var only: String?
    @Flag(help: "Fail if a check could not be made.") var all = false
    @Flag(help: "Print only what does not conform or was not tested, and the last line.") var quiet = false
    @Flag(help: "List the checks.") var list = false

    /// The checks that are asked for.
    private var checks: [Check] {
        guard let names = only?.split(separator: ",").map(String.init) else { return Check.all }
        return Check.all.filter { $0.isNecessary || names.contains($0.name) }
    }

    func validate() throws {
        guard list || url.map({ $0.hasPrefix("http://") || $0.hasPrefix("https://") }) ?? false else {
            throw ValidationError("say where the server answers, as in https://host or http://127.0.0.1:8080")
        }
        for name in only?.split(separator: ",") ?? [] where !Check.all.contains(where: { $0.name == name }) {
            throw ValidationError("there is no check '\(name)'; --list names them")
        }
    }

    func run() async throws {
        if list {
            for check in checks { print(Self.row("", check)) }
            return
        }
        guard let token = token ?? Self.environment("READER_SYNC_TOKEN"), !token.isEmpty else {
            throw ValidationError("give the token of a reader made for this: --token, or READER_SYNC_TOKEN")
        }
        let subject = Subject(
            baseURL: url ?? "", token: token, otherToken: otherToken ?? Self.environment("READER_SYNC_OTHER_TOKEN"))
        let reference: Reference
        do {
            reference = try Reference(folder: self.protocol)
        } catch {
            throw ValidationError("'\(self.protocol)' has no openapi.json and vectors that can be read: \(error)")
        }
        let conformance = Conformance(
            subject: subject, reference: reference, transport: CurlTransport(), random: SystemRandomSource())
        let findings = await conformance.run(checks) { finding in
            switch finding.verdict {
            case .conforms: if !quiet { print(Self.row("ok", finding.check)) }
            case .differs(let problem): print(Self.row("FAIL", finding.check), problem, separator: "\n       ")
            case .notTested(let reason): print(Self.row("-", finding.check), reason, separator: "\n       ")
            }
            fflush(nil)
        }
        try conclude(findings)
    }

    private func conclude(_ findings: [Finding]) throws {
        var (failed, untested) = (0, 0)
        for finding in findings {
            switch finding.verdict {
            case .conforms: break
            case .differs: failed += 1
            case .notTested: untested += 1
            }
        }
        print(
            "\(findings.count) checks: \(findings.count - failed - untested) conform, \(failed) do not, \(untested) not tested"
        )
        if failed > 0 || (all && untested > 0) { throw ExitCode(1) }
    }

    private static func row(_ verdict: String, _ check: Check) -> String {
        let cells = zip([verdict, check.name, check.section], [5, 19, 13]).map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return cells.joined() + check.promise
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
