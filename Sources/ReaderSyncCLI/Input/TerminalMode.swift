import Glibc

/// How the terminal treats what is typed (termios(3)).
enum TerminalMode {
    /// Runs `body` while standard input has some of its local modes off. Ctrl-C and its like are keys meanwhile: signals
    /// that would leave the terminal so wait until it is as before.
    ///
    /// - Parameters:
    ///   - modes: such as `ECHO` and `ICANON`.
    ///   - action: `TCSAFLUSH` throws away what was typed before. (`TCSADRAIN` would keep it, but Linux hands out what was
    ///     typed without Return in canonical mode only with the next key.)
    static func without<Result>(
        _ modes: Int32, _ action: Int32, _ body: () -> Result
    ) throws -> Result {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw CommandFailure.system("the terminal cannot be asked: \(FileText.reason)")
        }
        var changed = before
        changed.c_lflag &= ~tcflag_t(modes | ISIG)
        var (stopping, others) = (sigset_t(), sigset_t())
        sigemptyset(&stopping)
        for number in [SIGINT, SIGTERM, SIGTSTP] { sigaddset(&stopping, number) }
        sigprocmask(SIG_BLOCK, &stopping, &others)
        tcsetattr(STDIN_FILENO, action, &changed)
        defer {
            tcsetattr(STDIN_FILENO, action, &before)
            sigprocmask(SIG_SETMASK, &others, nil)
        }
        return body()
    }
}
