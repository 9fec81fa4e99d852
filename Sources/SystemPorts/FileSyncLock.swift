import Glibc
public import SyncPorts
import Synchronization

/// A lock that is an open file: `flock(2)` gives it to one process at a time, and the system takes it back when the
/// process ends, however it ends. The file stays; its presence means nothing.
public struct FileSyncLock: SyncLock {
    /// Why the file could not be opened.
    public struct LockError: Error, Sendable, CustomStringConvertible {
        /// What happened.
        public let description: String
    }

    private let path: String

    /// Makes a lock on the file at `path`, which is made when the lock is first taken.
    public init(path: String) {
        self.path = path
    }

    /// Takes the lock if no process has it.
    public func acquire() throws -> (any SyncLockToken)? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LockError(description: "\(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            throw LockError(description: "\(path): \(String(cString: strerror(reason)))")
        }
        return Token(descriptor: descriptor)
    }

    private final class Token: SyncLockToken {
        private let descriptor: Mutex<Int32?>

        init(descriptor: Int32) {
            self.descriptor = Mutex(descriptor)
        }

        func release() {
            descriptor.withLock { held in
                if let held { close(held) }
                held = nil
            }
        }

        deinit { release() }
    }
}
