import Glibc

/// Whole writes to file descriptors.
public enum Descriptor {
    /// Writes all bytes, over interruptions and short writes, and waits where the other side takes its time.
    ///
    /// - Returns: the number of the error (`errno`) that kept it from that, or `nil`.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if written < 0 {
                    switch errno {
                    case EINTR: continue
                    // Whoever shares the descriptor may have made it so.
                    case EAGAIN:
                        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        poll(&wait, 1, -1)
                    default: return errno
                    }
                }
            }
            return nil
        }
    }
}
