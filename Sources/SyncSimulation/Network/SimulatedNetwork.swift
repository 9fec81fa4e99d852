import ReferenceServer
import SyncPorts
import SyncProtocol

import struct FoundationEssentials.Data

/// Carries requests to the server and answers back, and does to them what networks do.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; a network belongs to one world.
final class SimulatedNetwork: @unchecked Sendable {
    /// What it does, by kind: in so many of 1,000 messages.
    struct Rates {
        var drop = 0
        var duplicate = 0
        var reorder = 0
        var delay = 0
        var truncate = 0
        var corrupt = 0
        var lostReply = 0
        var serverError = 0
        var versions = 0
    }

    /// How long a device waits for an answer, in milliseconds.
    static let patience: Int64 = 60_000

    private let loop: SimulatedLoop
    private let trace: Trace
    private var dice: Dice
    /// What happens to messages now.
    var rates = Rates()
    /// Devices that cannot reach the server.
    var cutOff: Set<Int> = []
    /// Answers a request; `nil` if nobody does.
    var serve: @Sendable (ServerRequest) async -> ServerResponse? = { _ in nil }
    /// Messages that were sent, answers included.
    private(set) var messages = 0

    init(_ loop: SimulatedLoop, _ trace: Trace, seed: UInt64) {
        self.loop = loop
        self.trace = trace
        dice = Dice(seed, "network")
    }

    /// Sends a request for a device. `call` ends with the answer, or with why there is none.
    func send(_ request: HTTPRequest, from device: Int, _ call: PendingCall) {
        messages += 1
        var body = request.body ?? Data()
        trace.note(.send, UInt64(device), Trace.digest(body), text: "\(device) \(request.method) \(request.url)")
        guard !cutOff.contains(device) else {
            return fail(call, .unreachable, "no way to the server", after: Int64(dice.within(1...40)))
        }
        if dice.chance(rates.drop) { return fail(call, .timedOut, "no answer came", after: Self.patience) }
        if dice.chance(rates.serverError) { return answerOddly(request, call) }
        if dice.chance(rates.versions) { makeNewer(&body) }
        if dice.chance(rates.corrupt), !body.isEmpty { damage(&body) }
        let message = Self.message(request, body)
        if dice.chance(rates.duplicate) {
            // The second copy's answer reaches nobody; it may come after anything else the device does.
            let late = Int64(dice.chance(300) ? dice.within(1_000...500_000) : dice.within(0...300))
            deliver(message, from: device, after: late, to: nil)
        }
        deliver(message, from: device, after: latency(), to: call)
        loop.after(Self.patience) { call.end(.failure(TransportError(.timedOut, "no answer came"))) }
    }

    private func latency() -> Int64 {
        if dice.chance(rates.delay) { return Int64(dice.within(1_000...50_000)) }
        return Int64(dice.chance(rates.reorder) ? dice.within(0...900) : dice.within(10...20))
    }

    private func deliver(_ message: ServerRequest, from device: Int, after delay: Int64, to call: PendingCall?) {
        loop.after(delay) { [self] in
            trace.note(.arrive, UInt64(device), text: "\(device) \(message.path)")
            Task(executorPreference: loop.executor) { [self] in
                let response = await serve(message)
                if let call { reply(response, to: message, call) }
            }
        }
    }

    private func reply(_ response: ServerResponse?, to request: ServerRequest, _ call: PendingCall) {
        messages += 1
        guard let response else { return fail(call, .unreachable, "the connection was refused", after: 5) }
        trace.note(
            .answer, UInt64(response.status), Trace.digest(response.body),
            text: "\(response.status) \(response.body.count) bytes")
        if dice.chance(rates.lostReply) { return fail(call, .timedOut, "no answer came", after: Self.patience) }
        var answer = HTTPResponse(
            status: response.status, headers: response.headers.sorted { $0.key < $1.key }.map { HTTPHeader($0, $1) },
            body: response.body, effectiveURL: request.path)
        if dice.chance(rates.truncate), !answer.body.isEmpty {
            // Mostly the transport notices; a proxy that ends a body early and calls it whole is not noticed.
            if dice.chance(700) { return fail(call, .brokenAnswer, "the answer ended early", after: 15) }
            answer.body = answer.body.prefix(dice.below(answer.body.count))
        }
        if dice.chance(rates.versions) { addMember(&answer.body) }
        if dice.chance(rates.corrupt), !answer.body.isEmpty { damage(&answer.body) }
        loop.after(latency()) { call.end(.success(answer)) }
    }

    /// What stands before the server answers in its place.
    private func answerOddly(_ request: HTTPRequest, _ call: PendingCall) {
        let (status, type, text): (Int, String, String) =
            switch dice.below(5) {
            case 0: (503, "text/plain", "try later")
            case 1: (500, Route.problem, "{\"code\":\"failed\",\"detail\":\"the server failed\",\"status\":500}")
            case 2: (429, "text/html", "<p>Too many requests")
            case 3: (200, "text/html", "<html><body>Please log in to the station's network")
            default: (200, Route.json, "{}")
            }
        var headers = [HTTPHeader("content-type", type)]
        if status == 503, dice.chance(500) { headers.append(HTTPHeader("retry-after", "\(dice.within(0...30))")) }
        let answer = HTTPResponse(
            status: status, headers: headers, body: Data(text.utf8), effectiveURL: request.url)
        loop.after(latency()) { call.end(.success(answer)) }
    }

    /// Damage that TLS would have found, and that is found here by what no message contains.
    private func damage(_ body: inout Data) {
        body[body.startIndex + dice.below(body.count)] = 0xff
    }

    /// What a client of a later version sends: in the protocol of that version, or in this one with more to say.
    private func makeNewer(_ body: inout Data) {
        let text = String(decoding: body, as: UTF8.self)
        if dice.chance(300), let place = text.firstRange(of: "\"protocol\":1,") {
            body = Data((text[..<place.lowerBound] + "\"protocol\":2," + text[place.upperBound...]).utf8)
        } else {
            addMember(&body)
        }
    }

    /// A member that only a later version knows.
    private func addMember(_ body: inout Data) {
        guard body.count > 2, body.first == UInt8(ascii: "{"), !body.contains(0x0a) else { return }
        body.replaceSubrange(
            body.startIndex...body.startIndex, with: Data("{\"a new member\":{\"of\":[2,\"parts\"]},".utf8))
    }

    private func fail(_ call: PendingCall, _ code: TransportError.Code, _ text: String, after delay: Int64) {
        trace.note(.lose, UInt64(delay), text: text)
        loop.after(delay) { call.end(.failure(TransportError(code, text))) }
    }

    private static func message(_ request: HTTPRequest, _ body: Data) -> ServerRequest {
        let path = request.url.dropFirst(SimulatedServer.address.count)
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var headers: [String: String] = [:]
        for header in request.headers { headers[header.name.lowercased()] = header.value }
        return ServerRequest(
            method: request.method, path: String(parts.first ?? ""), query: parts.count > 1 ? String(parts[1]) : "",
            headers: headers, body: body)
    }
}
