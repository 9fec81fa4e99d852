import Foundation
import Glibc
import Testing

/// A process that was started by a test. Not Foundation's: that one learns of an end by a socket which every other
/// child started meanwhile inherits, so that tests wait for each other's servers.
struct Child: Sendable {
    let id: pid_t

    /// Starts a program with these descriptors as its first ones, and none besides.
    init(path: String, arguments: [String], environment: [String: String], streams: [Int32]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What the test runner does with signals is no business of its children.
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var id = pid_t()
        try #require(posix_spawn(&id, path, &actions, &attributes, &words, &variables) == 0)
        self.id = id
    }

    /// Waits for its end; to be called once.
    ///
    /// - Returns: its exit status, or 128 and the signal that ended it.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: wait()) }
        }
    }

    /// The same, holding the thread.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}

extension Child {
    /// Has it stand still, as a suspended machine does; returns once it does.
    func suspend() throws {
        kill(id, SIGSTOP)
        var status: Int32 = 0
        try #require(waitpid(id, &status, WUNTRACED) == id && status & 0xFF == 0x7F)
    }

    /// Has it go on.
    func resume() { kill(id, SIGCONT) }
}

/// A pipe that no other child inherits, not even one that is started at this moment: a pair of sockets, since
/// Swift's Glibc has no `pipe2`.
struct CleanPipe {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    /// All that comes until the other end is closed.
    static func text(_ descriptor: Int32) -> String {
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
