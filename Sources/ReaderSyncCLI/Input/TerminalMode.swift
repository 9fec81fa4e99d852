import Glibc
import TerminalScreen

/// How the terminal treats what is typed (termios(3)).
enum TerminalMode {
    /// Runs `body` while standard input has some of its local modes off. Ctrl-C and its like are keys meanwhile; a signal that
    /// ends the process puts the terminal right first, whichever thread takes it.
    ///
    /// - Parameters:
    ///   - modes: such as `ECHO` and `ICANON`.
    ///   - action: `TCSAFLUSH` throws away what was typed before. (`TCSADRAIN` would keep it, but Linux hands out what was
    ///     typed without Return in canonical mode only with the next key.)
    static func without<Result>(
        _ modes: Int32, _ action: Int32, _ body: () -> Result
    ) throws -> Result {
        var mode = termios()
        guard tcgetattr(STDIN_FILENO, &mode) == 0 else {
            throw CommandFailure.system("the terminal cannot be asked: \(FileText.reason)")
        }
        var changed = mode
        changed.c_lflag &= ~tcflag_t(modes | ISIG)
        let restoration = TerminalRestoration(mode)
        restoration.isHeld = true
        tcsetattr(STDIN_FILENO, action, &changed)
        defer {
            tcsetattr(STDIN_FILENO, action, &mode)
            restoration.end()
        }
        return body()
    }
}
