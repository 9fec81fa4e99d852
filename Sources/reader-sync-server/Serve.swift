import ArgumentParser
import Logging
import ReferenceServer
import ServerHTTP
import SystemPorts

/// `serve`: answers replicas until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer replicas until SIGTERM or SIGINT.",
        discussion: """
            Prints "listening on http://HOST:PORT" once it does. Speaks plain HTTP: put a server that ends TLS in \
            front before other machines may reach it. With --ingest it also reads the feeds that it knows, each when \
            its time has come; `feeds` and `ingest` work beside it.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var network: NetworkOption

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 8080

    @Flag(help: "Refresh the known feeds when they are due.")
    var ingest = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
    }

    func run() async throws {
        let store = try database.open()
        var logger = Logger(label: "reader-sync-server") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let address = HTTPService.Address(host: host, port: port)
        if !address.isLoopback {
            Output.talk("warning: \(host) can be reached from outside, and this server speaks plain HTTP;")
            Output.talk(
                "         tokens and reading habits travel readable unless TLS is ended in front of it")
        }
        let onFailure: @Sendable (any Error) -> Void = { [logger] error in
            logger.error("a request failed", metadata: ["error": "\(Output.printable("\(error)"))"])
        }
        let room = WatchRoom(source: store, sleeper: SystemSleeper(), onFailure: onFailure)
        let server = ReferenceServer(store: store, clock: SystemWallClock(), room: room, onFailure: onFailure)
        let service = HTTPService(server: server, address: address, logger: logger)
        guard ingest else { return try await listen(service) }
        let background = BackgroundIngest(
            schedule: IngestSchedule(
                ingest: FeedIngest(
                    store: store, transport: network.transport(), clock: SystemWallClock(),
                    random: SystemRandomSource()),
                sleeper: SystemSleeper()), logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await background.run() }
            defer { group.cancelAll() }
            try await listen(service)
        }
    }

    private func listen(_ service: HTTPService) async throws {
        let shown = host.contains(":") ? "[\(host)]" : host
        do {
            try await service.run { port in Output.line("listening on http://\(shown):\(port)") }
        } catch {
            throw ServerError(
                .storage, "cannot listen on \(shown):\(port): \(error)",
                remedy: "choose another --port, or 0 for a free one")
        }
    }
}
