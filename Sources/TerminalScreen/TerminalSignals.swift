import Glibc
import Synchronization

/// The signals that concern a full screen, as bytes in a pipe; ``TerminalRestoration`` sees to those that end the process.
final class TerminalSignals: Sendable {
    /// Readable once something was signalled.
    let descriptor: Int32
    private let writing: Int32

    private let restoration: TerminalRestoration

    /// Where ``tell(_:)`` writes; -1: nowhere. A handler reads it.
    private static let pipe = Atomic<Int32>(-1)
    private static let telling = [SIGWINCH, SIGCONT, SIGTSTP]

    /// Watches from now on; `nil` if the system gives no pipe.
    init?(restoring mode: termios, by text: String) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
        (descriptor, writing) = (ends[0], ends[1])
        restoration = TerminalRestoration(mode, text: text, telling: writing)
        Self.pipe.store(writing, ordering: .sequentiallyConsistent)
        for number in Self.telling { TerminalRestoration.install(number) { TerminalSignals.tell($0) } }
    }

    deinit {
        for number in Self.telling { signal(number, SIG_DFL) }
        Self.pipe.store(-1, ordering: .sequentiallyConsistent)
        restoration.end()
        close(descriptor)
        close(writing)
    }

    /// Whether the screen has to be given back when the process ends.
    var isScreenOurs: Bool {
        get { restoration.isHeld }
        set { restoration.isHeld = newValue }
    }

    /// Writes a frame, unless the screen was given back.
    func writing(_ body: () -> Void) { restoration.writing(body) }

    /// Puts a byte into the pipe; if it is full, whoever waits will look anyway.
    func notify(_ number: Int32) {
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(writing, &byte, 1)
    }

    /// What was signalled since the last time, each once.
    func drain() -> [ScreenTerminal.Event] {
        var (bytes, chunk) = (Set<UInt8>(), [UInt8](repeating: 0, count: 256))
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes.formUnion(chunk[..<count]) }
        if restoration.isEnding { return [.ended] }
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
    func takeBack() { TerminalRestoration.install(SIGTSTP) { TerminalSignals.tell($0) } }

    /// Handler: says that a signal came. As safe as those of ``TerminalRestoration``, and for the same reasons.
    private static func tell(_ number: Int32) {
        let before = errno
        let writing = pipe.load(ordering: .sequentiallyConsistent)
        var byte = UInt8(truncatingIfNeeded: number)
        if writing >= 0 { _ = write(writing, &byte, 1) }
        errno = before
    }
}
