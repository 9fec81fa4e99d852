import ConformanceChecks
import Foundation
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Synchronization
import Testing

/// A server with one fault, and the checks that must find it.
struct FaultyServer: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var breaks: [String]
    var fault: Fault

    private init(
        _ name: String, breaks: [String], request: @escaping @Sendable (inout HTTPRequest) -> Void = { _ in },
        answer: @escaping @Sendable (HTTPRequest, inout HTTPResponse) -> Void = { _, _ in }
    ) {
        (testDescription, self.breaks, fault) = (name, breaks, Fault(request: request, answer: answer))
    }

    static let all = requests + answers

    private static let takesAnyToken = {
        let first = FirstToken()
        return FaultyServer(
            "takes any token for the same reader's", breaks: ["readers"], request: { first.replace(in: &$0) })
    }()

    /// Faults by which a request is understood as another one.
    private static let requests = [
        takesAnyToken,
        FaultyServer(
            "always sends everything of the catalog", breaks: ["nothing-new", "inline", "numbers"],
            request: { request in
                request.replace(/"catalog":\[[^\]]*\]/, with: #""catalog":[]"#)
                request.replace(/"library":"[^"]*",/, with: "")
                request.replace(/"account":"[^"]*",/, with: "")
            }),
        FaultyServer(
            "takes the last of two members of one name", breaks: ["first-counts"],
            request: { $0.replace(/"protocol":1(.*)"protocol":7/, with: #""protocol":7"#) }),
        FaultyServer(
            "cannot unpack requests", breaks: ["packed-requests", "packed-wrong", "bomb"],
            request: { request in request.headers.removeAll { $0.name == "Content-Encoding" } }),
        FaultyServer(
            "never packs answers", breaks: ["packed-answers"],
            request: { request in request.headers.removeAll { $0.name == "Accept-Encoding" } }),
        FaultyServer(
            "ignores validators", breaks: ["tiles-cached"],
            request: { request in request.headers.removeAll { $0.name == "If-None-Match" } }),
        FaultyServer(
            "reads JSON that is broken", breaks: ["not-json"], request: { $0.replace(/}x$/, with: "}") }),
        FaultyServer(
            "does not look at the token of who waits", breaks: ["watch", "watch-wakes"],
            request: { $0.url = $0.url.replacing(/after=[^&]*/, with: "after=x") },
            answer: { request, answer in
                if request.url.contains(Route.watch) { answer.change("token") { _ in .string("x") } }
            }),
    ]

    /// Faults in what is answered.
    private static let answers = [
        FaultyServer(
            "calls every problem a failure of its own",
            breaks: [
                "paths", "tokens", "version", "forked", "gap", "order", "not-json", "cursors", "snapshot-tokens",
                "restore-refused", "history-elsewhere", "packed-wrong", "media-type", "bomb", "request-bytes",
                "push-changes", "lists", "mark-rows", "watch-refused", "codec-invalid", "numbers", "columns-refused",
            ],
            answer: { request, answer in
                if answer.status >= 400 { answer = .problem(.failed, request) }
            }),
        FaultyServer(
            "refuses nothing",
            breaks: [
                "refused-alone", "unreadable-alone", "not-on-offer", "wording", "subscribing", "change-limits",
                "codec-invalid",
            ],
            answer: { _, answer in answer.change("refused") { _ in .array([]) } }),
        FaultyServer(
            "loses the newest entry of a page",
            breaks: ["push", "unknown", "codec-valid", "restore-lost", "restore-renamed", "merge"],
            answer: { _, answer in answer.change("entries") { .array($0.items.dropLast()) } }),
        FaultyServer(
            "loses own entries that are many", breaks: ["columns", "packed-requests"],
            answer: { _, answer in answer.change("receipts") { _ in nil } }),
        FaultyServer(
            "counts wrong what remains", breaks: ["pages"],
            answer: { _, answer in
                answer.change("remaining") { $0.integer.map { .integer($0 > 0 ? $0 - 1 : 0) } }
            }),
        FaultyServer(
            "forgets what is settled", breaks: ["again"], answer: { _, answer in answer.change("settled") { _ in nil } }
        ),
        FaultyServer(
            "does not tell that a stamp was clamped", breaks: ["clamped"],
            answer: { _, answer in
                answer.change("entries") { .array($0.items.map { $0["own"] == .null ? $0 : $0.removing("stamp") }) }
            }),
        FaultyServer(
            "knows no log but its own at the beginning", breaks: ["origin"],
            answer: { request, answer in
                if String(decoding: request.body ?? Data(), as: UTF8.self).contains(#""sequence":0}"#) {
                    answer = .problem(.prefixMismatch, request)
                }
            }),
        FaultyServer(
            "loses a version of each page", breaks: ["snapshot", "snapshot-pages", "merge"],
            answer: { _, answer in answer.change("versions") { .array($0.items.dropLast()) } }),
        FaultyServer(
            "never finds a common cursor", breaks: ["common"],
            answer: { request, answer in
                if request.url.hasSuffix(Route.common) {
                    answer.change("cursor") { $0.setting("sequence", .integer(0)) }
                }
            }),
        FaultyServer(
            "tells wrong places", breaks: ["restore-known", "restore-lost", "restore-renamed"],
            answer: { _, answer in
                answer.change("places") { .array($0.items.map { .integer(($0.integer ?? 0) + 1) }) }
            }),
        FaultyServer(
            "alters the text of articles", breaks: ["tail", "tiles", "inline"],
            answer: { request, answer in
                guard request.url.contains("/publications/"), answer.status == 200 else { return }
                answer.body = Data(
                    String(decoding: answer.body, as: UTF8.self).replacing("Article", with: "article").utf8)
            }),
        FaultyServer(
            "knows no token", breaks: ["token"],
            answer: { request, answer in
                if !request.url.hasSuffix(Route.hello) { answer = .problem(.unauthorized, request) }
            }),
        FaultyServer(
            "speaks another version", breaks: ["hello"],
            answer: { _, answer in answer.change("protocols") { _ in .array([.integer(2)]) } }),
    ]
}

/// Gives every request the token of the first one.
private final class FirstToken: Sendable {
    private let field = Mutex<HTTPHeader?>(nil)

    func replace(in request: inout HTTPRequest) {
        guard let index = request.headers.firstIndex(where: { $0.name == "Authorization" }) else { return }
        let own = request.headers[index]
        request.headers[index] = field.withLock { first in
            first = first ?? own
            return first ?? own
        }
    }
}

extension HTTPRequest {
    fileprivate mutating func replace(_ pattern: some RegexComponent, with text: String) {
        guard let body, !headers.contains(where: { $0.name == "Content-Encoding" }) else { return }
        self.body = Data(String(decoding: body, as: UTF8.self).replacing(pattern, with: text).utf8)
    }
}

extension HTTPResponse {
    /// A problem in place of an answer.
    static func problem(_ code: Problem.Code, _ request: HTTPRequest) -> HTTPResponse {
        let problem = Problem(code, "spoiled")
        return HTTPResponse(
            status: problem.status, headers: [HTTPHeader("Content-Type", Route.problem)],
            body: (try? WireCodec.encode(problem)) ?? Data(), effectiveURL: request.url)
    }
}

extension JSONValue {
    func removing(_ name: String) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[name] = nil
        return .object(members)
    }
}
