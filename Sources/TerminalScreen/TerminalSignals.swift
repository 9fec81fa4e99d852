import Glibc
import Synchronization

/// The signals that concern a full screen, as bytes in a pipe; those that end the process put the terminal right first.
final class TerminalSignals: Sendable {
    /// Readable once something was signalled.
    let descriptor: Int32
    private let writing: Int32

    private static let ending = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
    private static let crashing = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT]
    private static let telling = [SIGWINCH, SIGCONT, SIGTSTP]

    /// Watches from now on; `nil` if the system gives no pipe.
    init?(restoring mode: termios, by text: String) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
        (descriptor, writing) = (ends[0], ends[1])
        HandlerState.prepare(mode: mode, text: text, pipe: writing)
        for number in Self.telling { Self.handle(number) { HandlerState.tell($0) } }
        for number in Self.ending + Self.crashing { Self.handle(number) { HandlerState.end($0) } }
        Self.handle(SIGALRM) { _ in HandlerState.leave() }
    }

    deinit {
        for number in Self.ending + Self.crashing + Self.telling + [SIGALRM] { signal(number, SIG_DFL) }
        HandlerState.forget()
        close(descriptor)
        close(writing)
    }

    /// Whether the screen has to be given back when the process ends.
    var isScreenOurs: Bool {
        get { HandlerState.isScreenOurs }
        set { HandlerState.isScreenOurs = newValue }
    }

    /// Writes a frame, unless the screen was given back.
    func writing(_ body: () -> Void) { HandlerState.writing(body) }

    /// Puts a byte into the pipe; if it is full, whoever waits will look anyway.
    func notify(_ number: Int32) {
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(writing, &byte, 1)
    }

    /// What was signalled since the last time, each once.
    func drain() -> [ScreenTerminal.Event] {
        var (bytes, chunk) = (Set<UInt8>(), [UInt8](repeating: 0, count: 256))
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes.formUnion(chunk[..<count]) }
        if HandlerState.isEnding { return [.ended] }
        var events: [ScreenTerminal.Event] = []
        if bytes.contains(UInt8(SIGTSTP)) { events.append(.key(.control("z"))) }
        if bytes.contains(UInt8(SIGCONT)) { events.append(.resumed) }
        if bytes.contains(UInt8(SIGWINCH)) { events.append(.resized) }
        if bytes.contains(0) { events.append(.woken) }
        return events.isEmpty ? [.woken] : events
    }

    /// Stops this process and those it shares a job with, until SIGCONT.
    func stop() {
        lend()
        kill(0, SIGTSTP)
        takeBack()
    }

    /// Another program has the terminal: a stop stops us with it, as one job. (Whoever waits for the program ignores what
    /// interrupts it.)
    func lend() { signal(SIGTSTP, SIG_DFL) }

    /// The terminal is ours again.
    func takeBack() { Self.handle(SIGTSTP) { HandlerState.tell($0) } }

    private static func handle(_ number: Int32, _ body: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = body
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        sigaction(number, &action, nil)
    }
}

/// What signal handlers may touch: numbers that change in one step, and memory that is written before they are installed
/// and never freed. One for a process, as handlers are.
private enum HandlerState {
    private struct Terminal {
        var mode: termios
        var text: UnsafeMutableBufferPointer<UInt8>
    }

    private static let pipe = Atomic<Int32>(-1)
    private static let isOurs = Atomic<Bool>(false)
    /// Whether a frame is being written.
    private static let isWriting = Atomic<Bool>(false)
    /// Whether a signal ends the process.
    private static let ending = Atomic<Bool>(false)
    /// The address of a ``Terminal``; 0 before there is one.
    private static let terminal = Atomic<UInt>(0)

    static var isEnding: Bool { ending.load(ordering: .sequentiallyConsistent) }

    static var isScreenOurs: Bool {
        get { isOurs.load(ordering: .sequentiallyConsistent) }
        set { isOurs.store(newValue, ordering: .sequentiallyConsistent) }
    }

    /// Writes a frame, unless the screen was given back: a handler on another thread waits for the end of it.
    static func writing(_ body: () -> Void) {
        isWriting.store(true, ordering: .sequentiallyConsistent)
        if isScreenOurs { body() }
        isWriting.store(false, ordering: .sequentiallyConsistent)
    }

    static func prepare(mode: termios, text: String, pipe writing: Int32) {
        let bytes = Array(text.utf8)
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = memory.initialize(from: bytes)
        let place = UnsafeMutablePointer<Terminal>.allocate(capacity: 1)
        place.initialize(to: Terminal(mode: mode, text: memory))
        terminal.store(UInt(bitPattern: place), ordering: .sequentiallyConsistent)
        pipe.store(writing, ordering: .sequentiallyConsistent)
    }

    static func forget() { pipe.store(-1, ordering: .sequentiallyConsistent) }

    /// Handler: says that a signal came.
    static func tell(_ number: Int32) {
        let before = errno
        let writing = pipe.load(ordering: .sequentiallyConsistent)
        var byte = UInt8(truncatingIfNeeded: number)
        if writing >= 0 { _ = write(writing, &byte, 1) }
        errno = before
    }

    /// Handler: gives the screen back. What ends the process from outside ends it within a second, so that whoever waits at
    /// the terminal can keep what was not kept yet; a second such signal ends it at once. A crash does what it does by itself.
    static func end(_ number: Int32) {
        let before = errno
        if isOurs.exchange(false, ordering: .sequentiallyConsistent),
            let terminal = UnsafeMutablePointer<Terminal>(bitPattern: terminal.load(ordering: .sequentiallyConsistent))
        {
            // Not for ever: the frame may be of the very thread that this interrupts, and is never finished then.
            for _ in 0..<50 where isWriting.load(ordering: .sequentiallyConsistent) { poll(nil, 0, 1) }
            _ = write(STDOUT_FILENO, terminal.pointee.text.baseAddress, terminal.pointee.text.count)
            tcsetattr(STDIN_FILENO, TCSANOW, &terminal.pointee.mode)
        }
        guard number == SIGTERM || number == SIGINT || number == SIGHUP else {
            signal(number, SIG_DFL)
            raise(number)
            return
        }
        if ending.exchange(true, ordering: .sequentiallyConsistent) { leave() }
        alarm(1)
        tell(number)
        errno = before
    }

    /// Handler: ends the process with the status of a stop (see `ExitStatus.interrupted` of the command line client).
    static func leave() { _exit(130) }
}
