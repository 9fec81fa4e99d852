import Hummingbird
public import Logging
import NIOCore
public import ReferenceServer
import ServiceLifecycle
import UnixSignals

/// Serves a ``ReferenceServer`` over HTTP/1.1 on one address.
public struct HTTPService: Sendable {
    /// Where to listen.
    public struct Address: Sendable, Hashable {
        /// A host's name or address.
        public var host: String
        /// The port; 0 lets the system choose a free one.
        public var port: Int

        /// Makes an address.
        public init(host: String = "127.0.0.1", port: Int = 8080) {
            self.host = host
            self.port = port
        }

        /// Whether only this machine can reach the address.
        public var isLoopback: Bool {
            host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }

    private let server: ReferenceServer
    private let address: Address
    private let logger: Logger

    /// How long requests that are under way may take after a signal to stop.
    private static let shutdownLimit: Duration = .seconds(2)
    /// How long a connection may be idle.
    private static let idleTimeout: TimeAmount = .seconds(75)

    /// Makes a service that does not listen yet.
    public init(server: ReferenceServer, address: Address, logger: Logger) {
        self.server = server
        self.address = address
        self.logger = logger
    }

    /// Listens and answers until SIGTERM, SIGINT or cancellation of the calling task; requests under way are
    /// answered first, for at most two seconds.
    ///
    /// - Parameter onListening: called once, with the port that was bound.
    /// - Throws: if the address cannot be bound.
    public func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let application = Application(
            responder: Responder(server: server),
            server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: "reader-sync"),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) }, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [application, WaitingEnd(room: server.room)], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.shutdownLimit
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Sends those home who wait for news when the server is told to stop.
private struct WaitingEnd: Service {
    let room: WatchRoom?

    func run() async throws {
        try? await gracefulShutdown()
        await room?.close()
    }
}
