import ArgumentParser
import ReferenceServer
import SyncCore
import SystemPorts

/// `newsletter`: newsletters on offer, and what became of subscriptions.
struct NewsletterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "newsletter", abstract: "Offer newsletters, and say what became of subscriptions.",
        subcommands: [Add.self, Remove.self, List.self, Status.self, Import.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Offer a newsletter, or change one that is on offer.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "Its id: 1 to 64 characters of A-Z a-z 0-9 . _ -") var id: String
        @Option(help: "Its name.") var title: String
        @Option(help: "What is in it.") var description = ""
        @Option(
            help: "How often it can be had, as daily, weekdays, weekly, fortnightly, monthly or quarterly; repeat.")
        var cadence: [String]

        func validate() throws {
            _ = try newsletter()
        }

        func run() throws {
            try database.open().publish(
                newsletters: [try newsletter()], wordings: [], at: SystemWallClock().now())
            Output.talk("on offer: \(id)")
        }

        private func newsletter() throws -> Newsletter {
            Newsletter(
                id: try name(id), title: title, summary: description,
                cadences: try cadence.map { Cadence(try name($0)) })
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "No longer offer a newsletter.",
            discussion: """
                Nobody can subscribe to it any more; whoever did is told that it has ended, and can still unsubscribe. \
                Offered again under the same id (`newsletter add`), it has its subscribers back: give another \
                newsletter another id.
                """)

        @OptionGroup var database: DatabaseOption
        @Argument(help: "Its id.") var id: String

        func validate() throws {
            _ = try name(id)
        }

        func run() throws {
            try database.open().endNewsletter(try name(id))
            Output.talk("no longer on offer: \(id)")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the newsletters on offer.")

        @OptionGroup var database: DatabaseOption
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let newsletters = try database.open().library().newsletters
            if json { return try Output.json(newsletters.map(NewsletterJSON.init)) }
            for newsletter in newsletters {
                let cadences = newsletter.cadences.map(\.description).joined(separator: ", ")
                Output.line("\(newsletter.id)\t\(newsletter.title)\t\(cadences)")
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what became of a reader's subscription.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "The reader's name.") var user: String
        @Argument(help: "The newsletter's id.") var id: String
        @Argument(help: "pendingConfirmation, active or bounced.") var status: String

        func validate() throws {
            _ = try name(id)
            guard Account.Delivery(rawValue: status) != nil else {
                throw ValidationError("the status is pendingConfirmation, active or bounced")
            }
        }

        func run() throws {
            guard let delivery = Account.Delivery(rawValue: status) else { return }
            try database.open().setDelivery(delivery, of: try name(id), for: user)
            Output.talk("\(user), \(id): \(status)")
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Offer the newsletters and publish the consent wordings of a JSON file.",
            discussion: "All or none. Tools/demo-data/newsletters.json shows the form.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "The file.") var file: String

        func run() throws {
            let content = try LibraryFile(path: file)
            try database.open().publish(
                newsletters: content.newsletters, wordings: content.wordings, at: SystemWallClock().now())
            Output.talk("\(content.newsletters.count) newsletters, \(content.wordings.count) wordings")
        }
    }
}

/// The name that an argument is.
func name(_ text: String) throws -> EntityName {
    guard let name = EntityName(text) else {
        throw ValidationError("'\(text)' is no id: those have 1 to 64 characters of A-Z a-z 0-9 . _ -")
    }
    return name
}
