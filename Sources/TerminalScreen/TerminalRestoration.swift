public import Glibc
import Synchronization

/// The way back to the terminal as it was, if a signal ends the process or it crashes: for whoever changes its mode or takes
/// its screen. Handlers belong to the process, so the newest counts, until its ``end()``; then the one before counts again.
///
/// What the handlers do is safe in the middle of anything, an allocation or a lock that is held included:
/// - They call nothing but write, poll, tcsetattr, alarm, signal, raise and _exit, which signal-safety(7) lists.
/// - They read and write nothing but ``Shared``, whose members are lock-free atomics, and the ``Way`` that it points to, which
///   is complete before it is pointed to, and is neither changed nor freed from then on. (A few hundred bytes a question.)
/// - They allocate nothing and need no lock of Swift's runtime: ``shared`` is made, behind its `once`, before any of them is
///   installed; they are C functions without a context; and exclusive access is not tracked for pointers and atomics.
/// - They may run on any thread, also on two at once: whoever exchanges ``Shared/isHeld`` for `false` gives the terminal back.
public final class TerminalRestoration: Sendable {
    /// How the terminal was.
    private struct Way {
        var mode: termios
        /// What is written to it first.
        var text: UnsafeMutableBufferPointer<UInt8>
        /// Where the number of an ending signal is written, so that somebody may keep what was not kept yet; -1: nowhere.
        var pipe: Int32
    }

    private struct Shared: ~Copyable, Sendable {
        /// The address of a ``Way``; 0 if there is none.
        let way = Atomic<UInt>(0)
        /// Whether the terminal has to be given back.
        let isHeld = Atomic<Bool>(false)
        /// Whether a frame is being written.
        let isWriting = Atomic<Bool>(false)
        /// Whether a signal ends the process.
        let isEnding = Atomic<Bool>(false)
    }

    private static let ending = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
    private static let crashing = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT]
    private static let handled = ending + crashing + [SIGALRM]

    private static let shared = Shared()

    private let before: UInt
    private let actions: Mutex<[sigaction]>

    /// Installs the handlers. Nothing is given back before ``isHeld`` is set.
    ///
    /// - Parameters:
    ///   - mode: of standard input.
    ///   - text: what standard output takes back to how it was.
    ///   - pipe: where SIGTERM, SIGINT and SIGHUP are told as a byte; then the process has a second left. `nil`: they end it
    ///     at once.
    public init(_ mode: termios, text: String = "", telling pipe: Int32? = nil) {
        let bytes = Array(text.utf8)
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = memory.initialize(from: bytes)
        let way = UnsafeMutablePointer<Way>.allocate(capacity: 1)
        way.initialize(to: Way(mode: mode, text: memory, pipe: pipe ?? -1))
        before = Self.shared.way.exchange(UInt(bitPattern: way), ordering: .sequentiallyConsistent)
        actions = Mutex(
            Self.handled.map { number in
                Self.install(number) { number in
                    number == SIGALRM ? TerminalRestoration.leave() : TerminalRestoration.end(number)
                }
            })
    }

    /// Takes the handlers away again.
    public func end() {
        isHeld = false
        actions.withLock { actions in
            for (number, action) in zip(Self.handled, actions) {
                var action = action
                sigaction(number, &action, nil)
            }
            actions = []
        }
        Self.shared.way.store(before, ordering: .sequentiallyConsistent)
    }

    /// Whether the terminal is changed, and has to be given back.
    public var isHeld: Bool {
        get { Self.shared.isHeld.load(ordering: .sequentiallyConsistent) }
        set { Self.shared.isHeld.store(newValue, ordering: .sequentiallyConsistent) }
    }

    /// Whether a signal ends the process: it has a second left, and the terminal was given back.
    var isEnding: Bool { Self.shared.isEnding.load(ordering: .sequentiallyConsistent) }

    /// Writes to the terminal, unless it was given back: a handler on another thread waits for the end of it.
    func writing(_ body: () -> Void) {
        Self.shared.isWriting.store(true, ordering: .sequentiallyConsistent)
        if isHeld { body() }
        Self.shared.isWriting.store(false, ordering: .sequentiallyConsistent)
    }

    /// Has a signal handled, and returns what was done about it before.
    @discardableResult
    static func install(_ number: Int32, _ body: @escaping @convention(c) (Int32) -> Void) -> sigaction {
        var (action, before) = (sigaction(), sigaction())
        action.__sigaction_handler.sa_handler = body
        action.sa_flags = SA_RESTART
        sigemptyset(&action.sa_mask)
        sigaction(number, &action, &before)
        return before
    }

    // MARK: Handlers

    /// Gives the terminal back, unless it was already.
    ///
    /// - Returns: how it was.
    private static func giveBack() -> UnsafeMutablePointer<Way>? {
        let way = UnsafeMutablePointer<Way>(bitPattern: shared.way.load(ordering: .sequentiallyConsistent))
        guard let way, shared.isHeld.exchange(false, ordering: .sequentiallyConsistent) else { return way }
        // Not for ever: the frame may be of the very thread that this interrupts, and is never finished then.
        for _ in 0..<50 where shared.isWriting.load(ordering: .sequentiallyConsistent) { poll(nil, 0, 1) }
        if way.pointee.text.count > 0 {
            _ = write(STDOUT_FILENO, way.pointee.text.baseAddress, way.pointee.text.count)
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &way.pointee.mode)
        return way
    }

    /// What ends the process from outside ends it within a second if somebody is told, else at once, as a second such signal
    /// does; a crash, and SIGQUIT, do what they do by themselves.
    private static func end(_ number: Int32) {
        let before = errno
        let way = giveBack()
        guard number == SIGTERM || number == SIGINT || number == SIGHUP else {
            signal(number, SIG_DFL)
            raise(number)
            return
        }
        let isSecond = shared.isEnding.exchange(true, ordering: .sequentiallyConsistent)
        guard let way, way.pointee.pipe >= 0, !isSecond else { return leave() }
        alarm(1)
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(way.pointee.pipe, &byte, 1)
        errno = before
    }

    /// Ends the process with the status of a stop (see `ExitStatus.interrupted` of the command line client).
    private static func leave() {
        _ = giveBack()
        _exit(130)
    }
}
