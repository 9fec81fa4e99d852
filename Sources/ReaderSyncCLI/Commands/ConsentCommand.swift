import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "Show, give and withdraw consents to marketing.",
        subcommands: [Show.self, History.self, Grant.self, Withdraw.self], defaultSubcommand: Show.self)

    /// Where in the product a consent was given.
    static let surface = "cli"

    struct Show: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what you consented to, under which wording, and when (default).")

        @OptionGroup var shared: SharedOptions

        func run(in context: Context) async throws {
            let consents = try context.open(.reading).consents()
            context.output.result(
                .list(consents.map { OverviewRendering.json($0) }),
                lines: consents.flatMap { OverviewRendering.lines($0) })
            if consents.isEmpty { context.output.remark("none known yet → \(context.command("sync"))") }
        }
    }

    struct History: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "history",
            abstract: "Print the record: each decision with its wording, when and where it was made.")

        @OptionGroup var shared: SharedOptions
        @OptionGroup var paging: PagingOptions

        @Argument(help: "The purpose: brandOffers or partnerOffers. Default: all.")
        var purpose: String?

        func run(in context: Context) async throws {
            let replica = try context.open(.reading)
            let name = try purpose.map { try ConsentChoice.find($0, in: replica, context).purpose }
            let records = try replica.consentRecords(of: name, limit: try paging.checked(context))
            let devices = try replica.deviceNames()
            context.output.result(
                .list(records.map { ConsentRendering.json($0, devices) }),
                lines: records.flatMap { ConsentRendering.lines($0, devices) })
            if records.isEmpty { context.output.remark("nothing was ever decided") }
        }
    }

    struct Grant: ReplicaCommand {
        static let words = "consent grant"
        static let configuration = CommandConfiguration(
            commandName: "grant", abstract: "Give a consent, after its wording was shown.",
            discussion: "Asks on a terminal; elsewhere --yes says that the wording was read and agreed to.")

        @OptionGroup var shared: SharedOptions

        @Argument(
            help: "The purpose: brandOffers or partnerOffers.", completion: Completions.names(.consent))
        var purpose: String

        @Flag(help: "Do not ask.")
        var yes = false

        func run(in context: Context) async throws {
            let output = context.output
            let replica = try context.open(.writing)
            let consent = try ConsentChoice.find(purpose, in: replica, context)
            guard let wording = consent.wording else {
                throw CommandFailure(
                    .notFound, "noWording",
                    "the wording of '\(purpose)' is not known here, so it cannot be agreed to",
                    remedy: "run '\(context.command("sync"))'")
            }
            if !output.isJSON {
                for line in SafeText.lines(wording.text) {
                    for piece in StyledText(line).wrapped(to: output.terminal.textWidth) { output.say(piece) }
                }
                output.say(
                    StyledText(
                        "wording \(wording.version), privacy policy \(wording.policyVersion), terms "
                            + wording.termsVersion, .dim))
            }
            guard try yes || asks(output) else {
                output.remark("not given")
                return
            }
            let value = Value.consent(true, wording.terms(surface: ConsentCommand.surface))
            let edit = RegisterKey(.consent(consent.purpose), .consent).map { Edit($0, value) }
            try await Recording.record([edit].compactMap { $0 }, in: replica, context) { _ in
                "gave the consent '\(purpose)' under wording \(wording.version)"
            }
        }

        private func asks(_ output: Output) throws -> Bool {
            guard output.terminal.inputIsTerminal, !output.isJSON else {
                throw CommandFailure.usage(
                    "a consent is given by a person", remedy: "read the wording, then add --yes")
            }
            return Question.confirm("Do you agree?", output: output)
        }
    }

    struct Withdraw: ReplicaCommand {
        static let words = "consent withdraw"
        static let configuration = CommandConfiguration(
            commandName: "withdraw",
            abstract: "Withdraw a consent; works offline, is sent first, and wins over any grant elsewhere.")

        @OptionGroup var shared: SharedOptions

        @Argument(
            help: "The purpose: brandOffers or partnerOffers.", completion: Completions.names(.consent))
        var purpose: String

        func run(in context: Context) async throws {
            let replica = try context.open(.writing)
            let consent = try ConsentChoice.find(purpose, in: replica, context)
            let nothing = ConsentTerms(
                wordingVersion: "", wordingHash: "", policyVersion: "", termsVersion: "",
                surface: ConsentCommand.surface)
            let terms = consent.wording?.terms(surface: ConsentCommand.surface) ?? consent.terms ?? nothing
            let edit = RegisterKey(.consent(consent.purpose), .consent).map {
                Edit($0, .consent(false, terms))
            }
            try await Recording.record([edit].compactMap { $0 }, in: replica, context) { _ in
                "withdrew the consent '\(purpose)'"
            }
        }
    }
}

/// Purposes on the command line.
enum ConsentChoice {
    static func find(_ purpose: String, in replica: Replica, _ context: Context) throws -> ConsentOverview {
        let consents = try replica.consents()
        if let found = consents.first(where: { $0.purpose.text == purpose }) { return found }
        throw CommandFailure(
            .notFound, "notFound", "no consent is asked for '\(purpose)'",
            remedy: "run '\(context.command("consent"))' to see them",
            candidates: Spelling.nearest(to: purpose, among: consents.map(\.purpose.text)))
    }
}
