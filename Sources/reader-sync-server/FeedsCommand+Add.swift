import ArgumentParser
import ReferenceServer
import SystemPorts

extension FeedsCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add URLs; `ingest --due` or `serve --ingest` will read them.",
            discussion: """
                Each new URL is asked what it is: a page stands for the one feed that it names; of one that names several, \
                choose a feed. A URL that cannot be read now is added as it is given. Exit code 1 if a choice is left.
                """)

        @OptionGroup var database: DatabaseOption
        @OptionGroup var network: NetworkOption
        @Argument(help: "A feed's URL, or a page that names one feed.") var url: [String]

        @Option(
            help: ArgumentHelp(
                "The publication's id; by default the host of the feed's site.",
                discussion: """
                    Readers who read this feed directly know its articles under the host's name; give this only if your \
                    readers have the feed from this server alone. Else marks on its articles do not meet.
                    """))
        var publication: String?

        func run() async throws {
            let requests = url.map { IngestRequest(source: $0, publication: publication) }
            let store = try database.open()
            let ingest = FeedIngest(
                store: store, transport: network.transport(), clock: SystemWallClock(), random: SystemRandomSource())
            let (addresses, isInterrupted) = try await Interruption.observing {
                try await ingest.addresses(of: requests)
            }
            if isInterrupted {
                Output.talk("interrupted: nothing was added")
                throw ExitCode(Interruption.exitStatus)
            }
            let wanted = addresses.compactMap(Self.request)
            let count = try store.addFeedSources(wanted)
            addresses.forEach(Self.tell)
            Output.talk("\(count) added, \(wanted.count - count) known before")
            if wanted.count < requests.count { throw ExitCode.failure }
        }

        private static func request(_ address: FeedAddress) -> IngestRequest? {
            switch address {
            case .feed(let request, _), .known(let request), .unread(let request, _, _): request
            case .choices: nil
            }
        }

        private static func tell(_ address: FeedAddress) {
            switch address {
            case .known: break
            case .feed(let request, let remark):
                guard let remark else { return }
                Output.talk("\(Output.printable(request.source)): note: \(Output.printable(remark))")
            case .unread(let request, let reason, let remedy):
                let why = IngestOutput.reason(reason, remedy)
                Output.talk("\(Output.printable(request.source)): added as it is, as it could not be read: \(why)")
            case .choices(let request, let feeds):
                Output.talk(
                    "\(Output.printable(request.source)): it is a page that names \(feeds.count) feeds; choose one: "
                        + "`reader-sync-server feeds add CANDIDATE`")
                IngestOutput.candidates(feeds)
            }
        }
    }
}
