import Glibc
import TerminalText

/// Questions to the person at the terminal.
enum Question {
    /// Asks for yes or no; anything but a yes is a no.
    static func confirm(_ question: String, output: Output) -> Bool {
        output.prompt(StyledText(question + " [y/N] ", .bold))
        let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }

    /// Asks for one of several that were shown with their numbers.
    static func number(_ question: String, upTo count: Int, output: Output) throws -> Int {
        output.prompt(StyledText("\(question) 1 to \(count): ", .bold))
        guard let line = readLine(strippingNewline: true) else { throw CommandFailure.dismissed }
        guard let number = Int(line.filter { !$0.isWhitespace }), (1...max(1, count)).contains(number) else {
            throw CommandFailure.usage("'\(line)' is none of them", remedy: "run the command again")
        }
        return number
    }

    /// Asks for a secret: on a terminal without showing what is typed.
    static func secret(_ question: String, output: Output) throws -> String {
        guard output.terminal.inputIsTerminal else {
            return readLine(strippingNewline: true) ?? ""
        }
        let line = try TerminalMode.without(ECHO, TCSAFLUSH) { () -> String? in
            // Asked only now: what is typed before the terminal is silent would be seen, and is thrown away.
            output.prompt(StyledText(question + ": ", .bold))
            return readLine(strippingNewline: true)
        }
        output.say("")
        guard let line, !line.utf8.contains(0x03) else { throw CommandFailure.dismissed }
        return line
    }
}
