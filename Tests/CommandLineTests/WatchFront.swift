import Foundation
import Glibc
import Synchronization
import Testing

/// Stands before a server as an older one, or a gateway out of order, would: what is asked of `/v1/watch` it answers itself,
/// everything else it passes on.
final class WatchFront: Sendable {
    /// What it does with who would wait.
    enum Way: Sendable {
        /// Gives these bytes and closes.
        case answer(String)
        /// Closes without a word.
        case close
        /// Keeps the connection open and says nothing.
        case hang
    }

    let url: String
    private let descriptor: Int32
    private let state = Mutex((obstacle: String?.none, held: [Int32]()))

    init(before server: Server, _ way: Way) throws {
        (descriptor, url) = try Loopback.listen()
        let port = UInt16(server.url.split(separator: ":").last ?? "") ?? 0
        let descriptor = descriptor
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [weak self] in self?.serve(connection, port, way) }
            }
        }
    }

    /// From now on everything is answered with these bytes, as by the login page of a network; `nil`: no more.
    func obstruct(_ answer: String?) { state.withLock { $0.obstacle = answer } }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        for connection in state.withLock({ $0.held }) { close(connection) }
    }

    private func serve(_ connection: Int32, _ port: UInt16, _ way: Way) {
        guard let request = WholeRequest.read(connection) else {
            close(connection)
            return
        }
        let obstacle = state.withLock { $0.obstacle }
        guard obstacle != nil || request.contains(" /v1/watch") else { return pass(request, connection, port) }
        switch obstacle.map({ .answer($0) }) ?? way {
        case .hang: return state.withLock { $0.held.append(connection) }
        case .close: break
        case .answer(let text): Self.send(Array(text.utf8), to: connection)
        }
        close(connection)
    }

    /// Hands the request on, and all that comes back.
    private func pass(_ request: String, _ connection: Int32, _ port: UInt16) {
        defer { close(connection) }
        guard let server = Loopback.connect(port) else { return }
        defer { close(server) }
        guard let line = request.range(of: "\r\n") else { return }
        let closing = request[..<line.upperBound] + "Connection: close\r\n" + request[line.upperBound...]
        Self.send(closing.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, to: server)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(server, &buffer, buffer.count, 0), count > 0 {
            Self.send(Array(buffer[..<count]), to: connection)
        }
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
