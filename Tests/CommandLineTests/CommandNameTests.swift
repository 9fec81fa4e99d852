import ArgumentParser
import ReaderSyncCLI
import Testing

@Suite struct CommandNameTests {
    private static func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap(all)
    }

    @Test("every command states its name: to make it up from a type's takes time at each start of the program")
    func named() {
        let commands = Self.all(ReaderSync.self)
        #expect(commands.count > 30)
        for command in commands { #expect(command.configuration.commandName != nil, "\(command)") }
    }
}
