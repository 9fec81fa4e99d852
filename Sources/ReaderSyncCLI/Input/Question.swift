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
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw CommandFailure.system("the terminal cannot be asked: \(FileText.reason)")
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        // The signals that would leave the terminal silent wait until it speaks again.
        var (stopping, others) = (sigset_t(), sigset_t())
        sigemptyset(&stopping)
        for number in [SIGINT, SIGTERM, SIGTSTP] { sigaddset(&stopping, number) }
        silent.c_lflag &= ~tcflag_t(ISIG)
        sigprocmask(SIG_BLOCK, &stopping, &others)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        // Asked only now: what is typed before the terminal is silent would be seen, and is thrown away.
        output.prompt(StyledText(question + ": ", .bold))
        let line = readLine(strippingNewline: true)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        sigprocmask(SIG_SETMASK, &others, nil)
        output.say("")
        guard let line, !line.utf8.contains(0x03) else { throw CommandFailure.dismissed }
        return line
    }
}
