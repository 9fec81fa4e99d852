import ArgumentParser
import CurlTransport

/// What feeds may be fetched from.
struct NetworkOption: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Fetch from this machine and private networks too.",
            discussion: """
                Refused otherwise, redirects included: whoever writes a feed's address must not reach what only this \
                machine can. A proxy of the environment is heeded only with this flag, as it hides the addresses.
                """))
    var allowPrivateAddresses = false

    /// How the flag is written.
    static let flag = "--allow-private-addresses"

    /// The way to the publishers' servers.
    func transport() -> CurlTransport {
        var configuration = CurlTransport.Configuration(
            maximumConnections: 16, maximumConnectionsPerHost: 2, userAgent: "reader-sync-server/0.1")
        if !allowPrivateAddresses { configuration.refusesAddress = { !$0.isPublic } }
        return CurlTransport(configuration)
    }
}
