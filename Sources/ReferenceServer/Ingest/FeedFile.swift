import FeedFormats
import Glibc

import struct FoundationEssentials.Data

/// A file that holds a feed, or a list of feeds.
struct FeedFile {
    let path: String

    /// The content, if the path is a file's. One byte more than a document may have is enough to refuse it.
    ///
    /// - Throws: ``ServerError`` with the code `source`.
    func read() throws(ServerError) -> Data {
        let failure = { ServerError(.source, "\(path): \(String(cString: strerror(errno)))") }
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ServerError(.source, "\(path) is not a file", remedy: "name a feed's file or URL")
        }
        var body = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while body.count <= FeedLimits.default.documentBytes {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            if count == 0 { break }
            body.append(contentsOf: buffer[..<count])
        }
        return body
    }
}
