import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct NewslettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "newsletters", abstract: "List, subscribe to and unsubscribe from newsletters.",
        subcommands: [List.self, Subscribe.self, Unsubscribe.self, Frequency.self],
        defaultSubcommand: List.self)

    struct List: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the newsletters on offer (default).",
            discussion: "One that has ended is listed too while you are subscribed to it.")

        @OptionGroup var shared: SharedOptions

        func run(in context: Context) async throws {
            let replica = try context.open(.reading)
            let (newsletters, isOfAge) = (try replica.newsletters(), try replica.ageConfirmed())
            context.output.result(
                .object([
                    "items": .array(newsletters.map { OverviewRendering.json($0) }), "next": .null,
                    "ageConfirmed": .bool(isOfAge),
                ]), lines: newsletters.flatMap { OverviewRendering.lines($0) })
            if !isOfAge, let offered = newsletters.first(where: \.isOffered) {
                let command = "newsletters subscribe \(offered.newsletter.id.text) --confirm-age"
                context.output.remark(
                    StyledText("for readers of 16 and over, which you have not said you are yet → ", .dim)
                        + StyledText(context.command(command)))
            }
            if newsletters.isEmpty {
                context.output.remark("no newsletters yet → \(context.command("sync"))")
            }
        }
    }

    struct Subscribe: ReplicaCommand {
        static let words = "newsletters subscribe"
        static let configuration = CommandConfiguration(
            commandName: "subscribe", abstract: "Ask for a newsletter.",
            discussion: """
                The request is sent with the next sync; the server then sends a mail that asks for confirmation. \
                Newsletters are for readers of 16 and over, which is to be declared once.
                """)

        @OptionGroup var shared: SharedOptions

        @Argument(help: "The newsletter's id.", completion: Completions.names(.newsletter))
        var id: String

        @Option(help: "How often, as offered. Default: the first that is offered.")
        var frequency: String?

        @Flag(help: "Declare that you are 16 or over.")
        var confirmAge = false

        func run(in context: Context) async throws {
            let replica = try context.open(.writing)
            let newsletter = try NewsletterChoice.offered(id, in: replica, context)
            let cadence = try frequency.map { try NewsletterChoice.cadence($0, of: newsletter) }
            var edits: [Edit?] = []
            if try !replica.ageConfirmed() {
                guard confirmAge || asksAge(context) else {
                    throw CommandFailure.usage(
                        "newsletters are for readers of 16 and over",
                        remedy: "if you are, add --confirm-age; it is asked once")
                }
                edits.append(RegisterKey(.reader, .ageConfirmed).map { Edit($0, .flag(true)) })
            }
            if let cadence {
                edits.append(
                    RegisterKey(.newsletter(newsletter.id), .frequency).map { Edit($0, .frequency(cadence)) })
            }
            edits.append(RegisterKey(.newsletter(newsletter.id), .subscribed).map { Edit($0, .flag(true)) })
            try await Recording.record(edits.compactMap { $0 }, in: replica, context) { _ in
                "requested \(newsletter.title)\(cadence.map { ", \($0.name.text)" } ?? "")"
            }
        }

        private func asksAge(_ context: Context) -> Bool {
            context.output.terminal.inputIsTerminal && !context.output.isJSON
                && Question.confirm("Are you 16 or over?", output: context.output)
        }
    }

    struct Unsubscribe: ReplicaCommand {
        static let words = "newsletters unsubscribe"
        static let configuration = CommandConfiguration(
            commandName: "unsubscribe",
            abstract: "Unsubscribe; works offline, is sent first, and wins over any subscription elsewhere.")

        @OptionGroup var shared: SharedOptions

        @Argument(help: "The newsletter's id.", completion: Completions.names(.newsletter))
        var id: String

        func run(in context: Context) async throws {
            let replica = try context.open(.writing)
            let name = try NewsletterChoice.name(id, in: replica, context)
            let edit = RegisterKey(.newsletter(name), .subscribed).map { Edit($0, .flag(false)) }
            try await Recording.record([edit].compactMap { $0 }, in: replica, context) { _ in
                "unsubscribed from \(id)"
            }
        }
    }

    struct Frequency: ReplicaCommand {
        static let words = "newsletters frequency"
        static let configuration = CommandConfiguration(
            commandName: "frequency", abstract: "Choose how often a newsletter comes.")

        @OptionGroup var shared: SharedOptions

        @Argument(help: "The newsletter's id.", completion: Completions.names(.newsletter))
        var id: String

        @Argument(help: "How often, as offered.")
        var frequency: String

        func run(in context: Context) async throws {
            let replica = try context.open(.writing)
            let newsletter = try NewsletterChoice.offered(id, in: replica, context)
            let cadence = try NewsletterChoice.cadence(frequency, of: newsletter)
            let edit = RegisterKey(.newsletter(newsletter.id), .frequency).map {
                Edit($0, .frequency(cadence))
            }
            try await Recording.record([edit].compactMap { $0 }, in: replica, context) { _ in
                "\(newsletter.title) comes \(cadence.name.text)"
            }
        }
    }
}

/// Newsletters on the command line.
enum NewsletterChoice {
    /// The newsletter with an id, which must be on offer.
    static func offered(_ id: String, in replica: Replica, _ context: Context) throws -> Newsletter {
        let newsletters = try replica.newsletters()
        if let found = newsletters.first(where: { $0.newsletter.id.text == id }) {
            if found.isOffered { return found.newsletter }
            throw CommandFailure(
                .notFound, "notFound", "the newsletter '\(id)' is no longer offered",
                remedy: "to unsubscribe: '\(context.command("newsletters unsubscribe \(id)"))'")
        }
        throw CommandFailure(
            .notFound, "notFound", "there is no newsletter '\(id)'",
            remedy: "run '\(context.command("newsletters"))' to see them",
            candidates: Spelling.nearest(to: id, among: newsletters.filter(\.isOffered).map(\.newsletter.id.text)))
    }

    /// The name of a newsletter that is on offer, or was subscribed to when it still was.
    static func name(_ id: String, in replica: Replica, _ context: Context) throws -> EntityName {
        if let name = EntityName(id), let key = RegisterKey(.newsletter(name), .subscribed),
            try replica.shown(key) != nil
        {
            return name
        }
        return try offered(id, in: replica, context).id
    }

    static func cadence(_ text: String, of newsletter: Newsletter) throws -> Cadence {
        if let cadence = newsletter.cadences.first(where: { $0.name.text == text }) { return cadence }
        throw CommandFailure(
            .usage, "cadenceNotOffered", "\(newsletter.title) does not come '\(text)'",
            remedy: "it is offered: " + newsletter.cadences.map(\.name.text).joined(separator: ", "))
    }
}
