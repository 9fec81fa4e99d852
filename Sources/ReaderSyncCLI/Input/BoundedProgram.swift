import CChildLimits
import Glibc
import Synchronization

/// A program that reads one hostile file, and is trusted in nothing: it has no terminal, no environment, a limit of time,
/// memory and output, and writes no file. If it crashes, that is an answer like any other.
///
/// One run at a time; ``stop()`` may come from any thread.
final class BoundedProgram: Sendable {
    /// What one run may take.
    struct Limits: Sendable {
        /// Until its end.
        var seconds: Int
        /// Bytes of address space.
        var memory: UInt64
        /// Bytes that it writes.
        var output: Int
    }

    private struct State {
        var process: pid_t?
        var isStopped = false
    }

    private let path: String
    private let limits: Limits
    private let state = Mutex(State())

    /// Milliseconds between looks at a program that closed its output and has not ended.
    private static let pause: Int32 = 2

    init(path: String, limits: Limits) { (self.path, self.limits) = (path, limits) }

    /// Ends what runs, and lets nothing run any more.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            if let process = state.process { kill(process, SIGKILL) }
        }
    }

    /// Runs it.
    ///
    /// - Parameter input: what it reads, left open.
    /// - Returns: all that it wrote; `nil` if it cannot be started, fails, or goes beyond a limit.
    func run(_ arguments: [String], input: Int32) -> [UInt8]? {
        // A pair of sockets, since Swift's Glibc has no `pipe2`: nobody else's child inherits it.
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
        defer { close(ends[0]) }
        let isStarted = state.withLock { state in
            guard !state.isStopped else { return false }
            state.process = spawn(arguments, input: input, output: ends[1])
            return state.process != nil
        }
        close(ends[1])
        guard isStarted else { return nil }
        let deadline = ContinuousClock.now + .seconds(limits.seconds)
        let output = read(ends[0], until: deadline)
        return end(until: output == nil ? .now : deadline) == 0 ? output : nil
    }

    private func spawn(_ arguments: [String], input: Int32, output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A session of its own (POSIX_SPAWN_SETSID): from there no terminal can be opened.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var process = pid_t()
        guard posix_spawn(&process, path, &actions, &attributes, &words, &environment) == 0 else { return nil }
        // Should that fail, it has ended already, or its time and output are limited all the same.
        _ = climits_set(process, limits.memory, UInt64(limits.seconds))
        return process
    }

    /// All that comes until the output is closed; `nil` if that is too much, or takes too long.
    private func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> [UInt8]? {
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let left = (deadline - .now).components
            let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { return nil }
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&watched, 1, Int32(clamping: milliseconds))
            if ready == 0 || ready < 0 && errno == EINTR { continue }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += chunk[..<count]
            if bytes.count > limits.output { return nil }
        }
    }

    /// Waits for its end, and brings it about at the deadline.
    ///
    /// - Returns: the status that waitpid(2) tells; not 0 after a failure or a signal.
    private func end(until deadline: ContinuousClock.Instant) -> Int32 {
        while true {
            let status: Int32? = state.withLock { state in
                guard let process = state.process else { return -1 }
                if ContinuousClock.now >= deadline { kill(process, SIGKILL) }
                var status: Int32 = 0
                let ended = waitpid(process, &status, WNOHANG)
                guard ended != 0 else { return nil }
                // Under the lock: from here on the number may be another process's.
                state.process = nil
                return ended == process ? status : -1
            }
            if let status { return status }
            poll(nil, 0, Self.pause)
        }
    }
}
