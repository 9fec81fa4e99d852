import ArgumentParser
import ReferenceServer
import SystemPorts

/// `device`: devices and their tokens.
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Make, list and revoke the tokens of devices.",
        subcommands: [Token.self, List.self, Revoke.self])

    struct Token: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token for a device.",
            discussion: "The token is printed once; the server keeps only its hash.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "The reader's name.") var user: String
        @Option(help: "What to call the device; the reader's other devices call it so.") var name = "device"
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            var generator = SystemRandomNumberGenerator()
            let device = try database.open().addDevice(
                name, of: user, at: SystemWallClock().now(), using: &generator)
            if json { return try Output.json(Made(id: device.id, token: device.token)) }
            Output.line(device.token)
        }

        private struct Made: Encodable {
            var id: Int64
            var token: String
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the devices.")

        @OptionGroup var database: DatabaseOption
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let devices = try database.open().devices()
            if json { return try Output.json(devices) }
            for device in devices {
                Output.line(
                    "\(device.id)\t\(device.reader)\t\(device.name)\t\(device.revoked == nil ? "good" : "revoked")"
                )
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a device's token worthless at once.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "The device's number, as `device list` prints it.") var id: Int64

        func run() throws {
            try database.open().revokeDevice(id, at: SystemWallClock().now())
            Output.talk("revoked device \(id)")
        }
    }
}
