import Glibc
import Synchronization

/// How the terminal treats what is typed (termios(3)).
enum TerminalMode {
    private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    /// The address of the mode that is to be brought back; 0 while it is as it was. Read by a signal handler, so it is a
    /// number that changes in one step.
    private static let before = Atomic<UInt>(0)

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
        let mode = UnsafeMutablePointer<termios>.allocate(capacity: 1)
        mode.initialize(to: termios())
        guard tcgetattr(STDIN_FILENO, mode) == 0 else {
            mode.deallocate()
            throw CommandFailure.system("the terminal cannot be asked: \(FileText.reason)")
        }
        var changed = mode.pointee
        changed.c_lflag &= ~tcflag_t(modes | ISIG)
        before.store(UInt(bitPattern: mode), ordering: .sequentiallyConsistent)
        let handlers = ending.map { number in
            signal(number) { _ in
                TerminalMode.restore()
                _exit(130)
            }
        }
        tcsetattr(STDIN_FILENO, action, &changed)
        // Not freed: a handler may be about to read it.
        defer {
            tcsetattr(STDIN_FILENO, action, mode)
            before.store(0, ordering: .sequentiallyConsistent)
            for (number, handler) in zip(ending, handlers) { signal(number, handler) }
        }
        return body()
    }

    /// Handler: brings the mode back that was there.
    private static func restore() {
        let address = before.load(ordering: .sequentiallyConsistent)
        if let mode = UnsafeMutablePointer<termios>(bitPattern: address) { tcsetattr(STDIN_FILENO, TCSANOW, mode) }
    }
}
