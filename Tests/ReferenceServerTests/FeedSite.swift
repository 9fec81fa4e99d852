import Foundation  // Thread
import Glibc
import Synchronization

/// A publisher's site on a loopback socket. Answers each path as it is told at the moment; a request whose
/// `If-None-Match` is the answer's `ETag` gets 304.
final class FeedSite: Sendable {
    /// What a path answers.
    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""
    }

    /// What was asked.
    struct Request: Sendable {
        var path: String
        /// Names in small letters.
        var headers: [String: String]
    }

    private struct State {
        var answers: [String: Answer] = [:]
        var other: Answer?
        var requests: [Request] = []
        var connections: [Int32] = []
        var isStopped = false
    }

    let port: UInt16
    /// The paths asked for, as they are.
    let arrivals: AsyncStream<String>
    private let arrive: AsyncStream<String>.Continuation
    private let listener: Int32
    private let state = Mutex(State())

    /// Runs `body` beside a site.
    static func run(_ body: (FeedSite) async throws -> Void) async throws {
        let site = try FeedSite()
        defer { site.stop() }
        try await body(site)
    }

    struct SetUpError: Error { let number = errno }

    private init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 128) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw SetUpError() }
        (arrivals, arrive) = AsyncStream.makeStream(of: String.self)
        (self.listener, port) = (listener, UInt16(bigEndian: address.sin_port))
        Thread { [self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0, register(socket) else { return }
                Thread { [self] in
                    serve(socket)
                    shutdown(socket, Int32(SHUT_RDWR))
                }.start()
            }
        }.start()
    }

    /// Closed when every thread has gone, so that a number is never used again under one that still reads from it.
    deinit {
        close(listener)
        state.withLock { for socket in $0.connections { close(socket) } }
    }

    private func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            state.isStopped = true
            for socket in state.connections { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Says what a path answers from now on. One that was never told anything is kept waiting.
    func answer(_ path: String, _ answer: Answer) { state.withLock { $0.answers[path] = answer } }

    /// Says what all paths answer from now on that were told nothing.
    func answerOthers(_ answer: Answer) { state.withLock { $0.other = answer } }

    /// A path answers with this feed from now on.
    func publish(_ path: String, _ feed: String, tag: String? = nil) {
        answer(path, Answer(headers: tag.map { ["ETag": "\"\($0)\""] } ?? [:], body: feed))
    }

    /// What was asked so far.
    var requests: [Request] { state.withLock { $0.requests } }

    /// How often a path was asked for.
    func count(_ path: String) -> Int { requests.count { $0.path == path } }

    private func register(_ socket: Int32) -> Bool {
        state.withLock { state in
            state.connections.append(socket)
            return !state.isStopped
        }
    }

    private func serve(_ socket: Int32) {
        while let request = read(socket) {
            let answer = state.withLock { state in
                state.requests.append(request)
                return state.answers[request.path] ?? state.other
            }
            arrive.yield(request.path)
            guard let answer else { continue }
            let isKnown = answer.headers["ETag"].map { $0 == request.headers["if-none-match"] } ?? false
            let body = isKnown ? "" : answer.body
            var head = "HTTP/1.1 \(isKnown ? 304 : answer.status) X\r\nContent-Length: \(body.utf8.count)\r\n"
            for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
            guard write(Array((head + "\r\n" + body).utf8), to: socket) else { return }
        }
    }

    private func read(_ socket: Int32) -> Request? {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            var byte: UInt8 = 0
            guard recv(socket, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().reduce(into: [String: String]()) { headers, line in
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        return Request(path: String(words[1]), headers: headers)
    }

    private func write(_ bytes: [UInt8], to socket: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
