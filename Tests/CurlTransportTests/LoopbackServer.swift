import Glibc
import Synchronization

import class Foundation.Thread  // FoundationEssentials has no threads; start-up time does not matter here.

/// A server on a loopback socket that does to each connection what a test's script says, byte for byte.
final class LoopbackServer: Sendable {
    private struct State {
        var connections: [Int32] = []
        var accepted = 0
        var requests: [String] = []
        var isStopped = false
    }

    /// The port at 127.0.0.1.
    var port: UInt16 { listeners[0].port }
    private let listeners: [(socket: Int32, port: UInt16)]
    private let state = Mutex(State())

    /// Runs `body` beside a server that runs `script` on a thread of its own for each connection. It listens at
    /// 127.0.0.1, and if `hosts` are more than one at the addresses after it.
    static func run(
        hosts: Int = 1, _ script: @escaping @Sendable (Connection) -> Void,
        _ body: (LoopbackServer) async throws -> Void
    ) async throws {
        let server = try LoopbackServer(hosts, script)
        defer { server.stop() }
        return try await body(server)
    }

    /// A server that reads requests and gives to each what `answer` makes of it, on kept connections.
    static func answering(
        hosts: Int = 1, _ answer: @escaping @Sendable (String) -> String,
        _ body: (LoopbackServer) async throws -> Void
    ) async throws {
        try await run(
            hosts: hosts,
            { connection in
                while let request = connection.readRequest() { connection.write(answer(request)) }
            }, body)
    }

    struct SetUpError: Error { let number = errno }

    private init(_ hosts: Int, _ script: @escaping @Sendable (Connection) -> Void) throws {
        listeners = try (1...UInt32(hosts)).map { try Self.listen(at: 0x7f00_0000 + $0) }
        for listener in listeners.map(\.socket) {
            Thread { [self] in
                while true {
                    let socket = accept(listener, nil, nil)
                    guard socket >= 0, register(socket) else { return }
                    Thread { [self] in
                        script(Connection(socket: socket, server: self))
                        shutdown(socket, Int32(SHUT_RDWR))
                    }.start()
                }
            }.start()
        }
    }

    /// Closed sockets only when the last reference has gone, that is after every thread: a number is never reused
    /// under a thread that still uses it.
    deinit {
        for listener in listeners { close(listener.socket) }
        state.withLock { for socket in $0.connections { close(socket) } }
    }

    private func stop() {
        for listener in listeners { shutdown(listener.socket, Int32(SHUT_RDWR)) }
        state.withLock { state in
            state.isStopped = true
            for socket in state.connections { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    /// An address at 127.0.0.1, or at the `host`th address from there.
    func url(_ path: String = "/", host: Int = 1) -> String {
        "http://127.0.0.\(host):\(listeners[host - 1].port)\(path)"
    }

    /// Connections accepted so far.
    var accepted: Int { state.withLock { $0.accepted } }

    /// Requests read so far, header section and body.
    var requests: [String] { state.withLock { $0.requests } }

    private func register(_ socket: Int32) -> Bool {
        state.withLock { state in
            state.connections.append(socket)
            state.accepted += 1
            return !state.isStopped
        }
    }

    fileprivate func record(_ request: String) { state.withLock { $0.requests.append(request) } }

    private static func listen(at host: UInt32) throws -> (socket: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = host.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 128) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw SetUpError() }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

/// One accepted connection.
struct Connection: Sendable {
    let socket: Int32
    let server: LoopbackServer

    /// Reads one request with a `Content-Length` body; `nil` at the end of the connection.
    func readRequest() -> String? {
        var bytes: [UInt8] = []
        var wanted: Int?
        while wanted.map({ bytes.count < $0 }) ?? true {
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = recv(socket, &chunk, wanted.map { min(4096, $0 - bytes.count) } ?? 1, 0)
            guard count > 0 else { return nil }
            bytes += chunk.prefix(count)
            if wanted == nil, bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                wanted = bytes.count + Self.contentLength(String(decoding: bytes, as: UTF8.self))
            }
        }
        let request = String(decoding: bytes, as: UTF8.self)
        server.record(request)
        return request
    }

    /// `false` when the other side has closed.
    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Waits until the other side closes or the test is over; says nothing.
    func hang() {
        var byte: UInt8 = 0
        while recv(socket, &byte, 1, 0) > 0 {}
    }

    private static func contentLength(_ head: String) -> Int {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            return Int(line.dropFirst(15).filter { $0 != " " }) ?? 0
        }
        return 0
    }
}

/// An answer with a correct `Content-Length`.
func answer(_ status: String = "200 OK", _ fields: [String] = [], _ body: String = "") -> String {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}
