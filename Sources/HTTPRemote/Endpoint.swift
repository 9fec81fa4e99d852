import SyncCore
import SyncPorts
import SyncProtocol

import struct FoundationEssentials.Data

/// One server and the token for it: requests out, answers or errors back.
struct Endpoint: Sendable {
    let base: String
    let token: String
    let transport: any HTTPTransport

    init(baseURL: String, token: String, transport: any HTTPTransport) throws(RemoteError) {
        var base = baseURL
        while base.hasSuffix("/") { base.removeLast() }
        let lower = base.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://"),
            !base.contains(where: { $0.isWhitespace || $0 == "?" || $0 == "#" })
        else {
            throw RemoteError(
                .notARemote, "'\(baseURL)' is not the address of a server",
                remedy: "give it as http://HOST:PORT or https://HOST")
        }
        self.base = base
        self.token = token
        self.transport = transport
    }

    func get(_ path: String) async throws(RemoteError) -> Data {
        try await send(request("GET", path))
    }

    func get<Answer: JSONReadable>(
        _ path: String, within deadline: Duration? = nil, as type: Answer.Type
    ) async throws(RemoteError) -> Answer {
        var request = request("GET", path)
        if let deadline { request.deadline = deadline }
        let body = try await send(request)
        return try Self.readable { () throws(WireError) in try WireCodec.decode(type, from: body) }
    }

    func post<Answer: JSONReadable>(
        _ path: String, _ message: some JSONWritable, as type: Answer.Type
    ) async throws(RemoteError) -> Answer {
        var request = request("POST", path)
        do {
            request.body = try WireCodec.encode(message)
        } catch {
            throw RemoteError(.refused, "the request cannot be written: \(error)")
        }
        request.packsBody = true
        request.headers.append(HTTPHeader("Content-Type", Route.json))
        let body = try await send(request)
        return try Self.readable { () throws(WireError) in try WireCodec.decode(type, from: body) }
    }

    private func request(_ method: String, _ path: String) -> HTTPRequest {
        HTTPRequest(
            method: method, url: base + path,
            headers: [
                HTTPHeader("Authorization", "Bearer " + token),
                HTTPHeader("Accept", "\(Route.json), \(Route.lines), \(Route.problem)"),
            ],
            maximumBodyBytes: Limits.responseBytes)
    }

    private func send(_ request: HTTPRequest) async throws(RemoteError) -> Data {
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            throw Self.remoteError(error)
        }
        guard response.status == 200 else { throw Self.remoteError(response, base: base) }
        let type = response.header("Content-Type") ?? ""
        guard type.hasPrefix(Route.json) || type.hasPrefix(Route.lines) else {
            throw RemoteError(
                .notARemote, "\(base) answers with '\(type.isEmpty ? "no media type" : type)', not as a server of ours",
                remedy: "check the address; a network that asks for a login first answers like this too")
        }
        return response.body
    }

    static func readable<Answer>(
        _ read: () throws(WireError) -> Answer
    ) throws(RemoteError) -> Answer {
        do {
            return try read()
        } catch {
            throw RemoteError(
                .brokenAnswer, "the server's answer cannot be read: \(error)",
                remedy: "sync again; if it stays, client and server may be of different versions")
        }
    }

    /// Query values with everything outside the unreserved characters escaped (RFC 3986 §2.3).
    static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
