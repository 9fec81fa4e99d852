import Foundation
import Glibc
import Testing

/// Listens on a free loopback port and gives every request the same bytes, then closes.
final class BadAnswerServer: Sendable {
    let url: String
    private let descriptor: Int32

    init(_ answer: String) throws {
        (descriptor, url) = try Loopback.listen()
        let descriptor = descriptor
        Thread.detachNewThread {
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                _ = WholeRequest.read(connection)
                _ = Array(answer.utf8).withUnsafeBytes {
                    send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                close(connection)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}

/// Reads what is asked to the end of the body, so that closing does not cut the answer off.
enum WholeRequest {
    /// The request, each byte a character; `nil` if the connection ended before.
    static func read(_ connection: Int32) -> String? {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text.unicodeScalars.append(contentsOf: buffer[..<count].map { Unicode.Scalar($0) })
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let head = text[..<end.lowerBound].lowercased()
            let length = head.range(of: "content-length: ").flatMap {
                Int(head[$0.upperBound...].prefix { $0.isNumber })
            }
            if text[end.upperBound...].unicodeScalars.count >= length ?? 0 { return text }
        }
    }
}
