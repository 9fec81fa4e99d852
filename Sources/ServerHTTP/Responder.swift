import HTTPTypes
import Hummingbird
import NIOCore
import ReferenceServer
import SyncProtocol

import struct FoundationEssentials.Data

/// Translates between Hummingbird's requests and answers and our own.
struct Responder: HTTPResponder {
    typealias Context = BasicRequestContext

    let server: ReferenceServer

    /// The header fields that the server looks at; others are not even copied.
    private static let fields: [HTTPField.Name] = [
        .authorization, .contentType, .contentEncoding, .ifNoneMatch, .acceptEncoding,
    ]

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var incoming = ServerRequest(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "")
        for name in Self.fields {
            incoming.headers[name.canonicalName] = request.headers[name]
        }
        if incoming.path == Route.watch {
            // Has no body, and waits: who went away is not waited for.
            let waiting = incoming
            return try await request.body.consumeWithCancellationOnInboundClose { _ in
                answer(await server.respond(to: waiting))
            }
        }
        guard let body = try await collect(request) else {
            let problem = Problem(.tooLarge, "a request has at most \(Limits.requestBytes) bytes")
            var response = answer(ServerResponse(problem))
            // The rest of the body is not waited for.
            response.headers[.connection] = "close"
            return response
        }
        incoming.body = body
        return answer(await server.respond(to: incoming))
    }

    /// The body; `nil` if it is larger than a request may be.
    private func collect(_ request: Request) async throws -> Data? {
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }),
            announced > Limits.requestBytes
        {
            return nil
        }
        var body = Data()
        for try await part in request.body {
            guard body.count + part.readableBytes <= Limits.requestBytes else { return nil }
            part.withUnsafeReadableBytes { body.append(contentsOf: $0) }
        }
        return body
    }

    private func answer(_ response: ServerResponse) -> Response {
        var headers = HTTPFields()
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let body =
            response.body.isEmpty
            ? ResponseBody()
            : ResponseBody(byteBuffer: response.body.withUnsafeBytes { ByteBuffer(bytes: $0) })
        return Response(
            status: HTTPTypes.HTTPResponse.Status(code: response.status), headers: headers, body: body)
    }
}
