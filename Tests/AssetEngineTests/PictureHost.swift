import Foundation
import Glibc
import Synchronization

/// A publisher's server for pictures on a free loopback port: knows ranges and validators, and can break off.
final class PictureHost: Sendable {
    struct Picture: Sendable {
        var bytes: [UInt8]
        var etag: String? = "\"v1\""
        var status = "200 OK"
        var headers: [String] = []
        /// Bytes of the body after which the connection is closed; `nil`: all are sent.
        var breaksAfter: Int?
        /// Whether a part is sent from its beginning, whatever was asked for.
        var sendsOtherPart = false
        /// Most bytes of a part that are sent.
        var sendsAtMost: Int?
    }

    private struct State {
        var pictures: [String: Picture] = [:]
        var requests: [String] = []
    }

    let url: String
    private let listener: Int32
    private let state = Mutex(State())

    struct SetUpError: Error {}

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw SetUpError() }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                if let request = Self.request(connection), let answer = self?.answer(to: request) {
                    _ = answer.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                }
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Puts a picture under a path.
    func publish(_ path: String, _ picture: Picture) { state.withLock { $0.pictures[path] = picture } }

    /// The request heads so far.
    var requests: [String] { state.withLock { $0.requests } }

    private func answer(to request: String) -> [UInt8] {
        state.withLock { state in
            state.requests.append(request)
            let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? "/"
            guard let picture = state.pictures[path] else {
                return Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
            }
            var (status, start, end, fields) = (picture.status, 0, picture.bytes.count, picture.headers)
            if let etag = picture.etag { fields.append("ETag: \(etag)") }
            let lines = request.split(separator: "\r\n")
            let condition = lines.first { $0.hasPrefix("If-Range: ") }?.dropFirst(10)
            if let range = lines.first(where: { $0.hasPrefix("Range: bytes=") })?.dropFirst(13).dropLast(),
                let from = Int(range), condition.map(String.init) == picture.etag
            {
                guard from < picture.bytes.count else {
                    return Array("HTTP/1.1 416 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
                }
                start = picture.sendsOtherPart ? 0 : from
                status = "206 Partial Content"
                end = min(end, start + (picture.sendsAtMost ?? end))
                fields.append("Content-Range: bytes \(start)-\(end - 1)/\(picture.bytes.count)")
            }
            let body = picture.bytes[start..<end]
            let head =
                ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + fields + ["Connection: close", "", ""]
            return Array(head.joined(separator: "\r\n").utf8) + body.prefix(picture.breaksAfter ?? body.count)
        }
    }

    private static func request(_ connection: Int32) -> String? {
        var (text, buffer) = ("", [UInt8](repeating: 0, count: 16_384))
        while !text.contains("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return text
    }
}

/// A GIF of so many bytes, each seed another.
func gif(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
    Array("GIF89a".utf8) + (0..<max(0, count - 6)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(seed)) }
}
