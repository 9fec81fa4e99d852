import ArgumentParser
import SQLiteReplica
import SyncCore
import SystemPorts
import TerminalText

struct DoctorCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what is wrong with the replica, the settings, the server.",
        discussion: """
            One line for each thing: ok, warn or fail, with what mends it. All of the replica is read, which takes a \
            while if it is large. The status is that of the first failure: 6 where the replica is damaged.
            --rebuild makes a new replica in the place of a damaged one, with the changes that were not sent and the \
            feeds of its own, as far as they can be read. The damaged file stays beside it. The next sync brings the rest. \
            If nothing could be saved, the status is 6.
            """)

    static let toleratesBadSettings = true

    @OptionGroup var shared: SharedOptions

    @Flag(help: "Ask no network.")
    var offline = false

    @Flag(help: "Put a new replica in the place of a damaged one, and save what can be saved.")
    var rebuild = false

    func run(in context: Context) async throws {
        if rebuild { return try ReplicaRebuild(context).run() }
        var findings = [SettingsExamination.finding(context)] + LocalExamination(context).findings()
        if !offline {
            do {
                findings += try await Interruption.guarding { try await NetworkExamination(context).findings() }
            } catch is CancellationError { throw CommandFailure.dismissed }
        }
        for index in findings.indices { findings[index].remedy = findings[index].remedy.map { context.addressed($0) } }
        let output = context.output
        let failed = findings.filter { $0.grade == .fail }
        output.result(
            .object(["ok": .bool(failed.isEmpty), "items": .array(findings.map(\.json))]),
            lines: findings.filter { $0.grade != .ok || !output.isQuiet }.flatMap(\.lines))
        guard let first = failed.first else { return }
        throw CommandFailure(
            first.status, "unhealthy", "\(failed.count) of \(findings.count) checks failed",
            remedy: first.remedy ?? "see '\(first.name)' above")
    }
}
