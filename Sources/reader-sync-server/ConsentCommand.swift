import ArgumentParser
import ReferenceServer
import SyncCore
import SystemPorts

/// `consent`: the words under which consents are asked for.
struct ConsentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "Publish and list the wordings of consents.",
        subcommands: [Publish.self, List.self])

    struct Publish: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a wording in force.",
            discussion: "Only a grant under the wording in force is taken; readers are asked anew.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "The purpose: brandOffers, partnerOffers, or another id.") var purpose: String
        @Option(name: .customLong("version"), help: "The version of the text.") var wordingVersion: String
        @Option(help: "The text.") var text: String
        @Option(help: "The version of the privacy policy.") var policy: String
        @Option(help: "The version of the general terms.") var terms: String
        @Flag(help: "The text is one whose ticked box means no.") var optOut = false

        func validate() throws {
            _ = try name(purpose)
        }

        func run() throws {
            let wording = ConsentWording(
                purpose: try name(purpose), version: wordingVersion, text: text, policyVersion: policy,
                termsVersion: terms, polarity: optOut ? .optOut : .optIn)
            try database.open().publish(newsletters: [], wordings: [wording], at: SystemWallClock().now())
            Output.talk("in force: \(purpose), version \(wordingVersion)")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the wordings in force.")

        @OptionGroup var database: DatabaseOption
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let wordings = try database.open().library().wordings
            if json { return try Output.json(wordings.map(WordingJSON.init)) }
            for wording in wordings {
                Output.line("\(wording.purpose)\t\(wording.version)\t\(Output.printable(wording.text))")
            }
        }
    }
}
