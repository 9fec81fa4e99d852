import CurlTransport
import HTTPRemote
import SyncCore
import SyncEngine
import SyncPorts
import SyncSession
import SyncTestKit
import Synchronization
import Testing

/// A server that is asked for news so many times, and then no more.
private final class Bounded: NewsSource {
    private let remote: HTTPRemote
    private let left: Mutex<Int>

    init(_ url: String, requests: Int) throws {
        remote = try HTTPRemote(baseURL: url, token: "t", transport: CurlTransport(), directory: NoArticles())
        left = Mutex(requests)
    }

    func watch(after token: String?) async throws(RemoteError) -> String? {
        let isOver = left.withLock { left in
            left -= 1
            return left < 0
        }
        if isOver { throw RemoteError(.cancelled, "enough") }
        return try await remote.watch(after: token)
    }
}

private final class Counter: Sendable {
    let value = Mutex(0)
}

private final class Texts: Sendable {
    let value = Mutex<[String]>([])
}

private struct NoArticles: ArticleDirectory {
    func articles(named names: [(publication: UInt32, number: UInt64)]) -> [ArticleID?] { names.map { _ in nil } }
    func names(of articles: [ArticleID]) -> [ArticleName?] { articles.map { _ in nil } }
}

/// What is asked for by a watch of a server that does not tell of news as ours does.
@Suite("A watch of a server that cannot be waited for")
struct WatchServerTests {
    static let older = ["404 Not Found", "405 Method Not Allowed", "501 Not Implemented"].map {
        "HTTP/1.1 \($0)\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nNo."
    }
    static let loginPage = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nlogin"
    static let nonsense = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"token\":[]"
    static let endless =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 113\r\n\r\n{\"token\":\""
        + String(repeating: "a", count: 101) + "\"}"
    static let busy = ["503 Service Unavailable", "429 Too Many Requests"].map {
        "HTTP/1.1 \($0)\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
    }

    /// Follows a server for so many requests, with no time passing.
    private func follow(_ answer: String, requests: Int = 40) async throws -> (
        syncs: Int, remarks: [String], waits: [Int64]
    ) {
        let server = try BadAnswerServer(answer)
        let (syncs, remarks) = (Counter(), Texts())
        let sleeper = InstantSleeper()
        let watch = NewsWatch(
            source: try Bounded(server.url, requests: requests), sleeper: sleeper, random: SeededRandomSource(seed: 3))
        try await watch.run(
            NewsWatch.Syncing(due: { syncs.value.withLock { $0 += 1 } }, results: { .quiet }) { remark in
                remarks.value.withLock { $0.append(remark) }
            })
        withExtendedLifetime(server) {}
        return (
            syncs.value.withLock { $0 }, remarks.value.withLock { $0 },
            sleeper.waits.map { Int64($0 / .milliseconds(1)) }
        )
    }

    @Test(
        "one that has no such path is asked for all there is, less and less, and that is said once",
        arguments: older + [loginPage])
    func polling(_ answer: String) async throws {
        let (syncs, remarks, waits) = try await follow(answer, requests: 10)
        #expect(syncs == 9)
        #expect(remarks == ["the server does not tell of news"])
        #expect(waits.count == 10 && (50_000...60_000).contains(waits[0]) && waits.last ?? 0 > 600_000)
    }

    @Test(
        "one whose answers make no sense, or none at all, is asked for all there is too",
        arguments: [nonsense, endless, ""])
    func senseless(_ answer: String) async throws {
        let (syncs, remarks, waits) = try await follow(answer)
        #expect(syncs >= 4 && remarks.count == 1)
        #expect(waits.allSatisfy { $0 >= 900 } && waits.reduce(0, +) > 30 * 50_000)
    }

    @Test("one that is busy is left alone for as long as it wants, and then asked for all there is", arguments: busy)
    func turnedAway(_ answer: String) async throws {
        let (syncs, remarks, waits) = try await follow(answer)
        #expect(syncs >= 4 && remarks.count == 1)
        #expect(waits.allSatisfy { $0 == 120_000 })
    }

    @Test(
        "whatever it does with who would wait, marks go out at once, and --verbose says how it is done",
        arguments: older.map { WatchFront.Way.answer($0) } + [.answer(nonsense), .answer(busy[0]), .close, .hang])
    func marks(_ way: WatchFront.Way) async throws {
        let server = try await Server.start()
        let front = try WatchFront(before: server, way)
        let device = try await Device.loggedIn(at: front.url, server.tokens[0])
        let watch = try Watch(device)
        #expect(try await watch.next()["newArticles"] as? Int == 12)
        try await device.done("save", try await device.articles()[0])
        #expect(try await watch.next()["sent"] as? Int == 1)
        #expect(await watch.stop() == 130)
        #expect(watch.remarks().count == 1, "the end alone")
    }

    @Test("--verbose says that news are asked for from time to time")
    func verbose() async throws {
        let server = try await Server.start()
        let front = try WatchFront(before: server, .answer(Self.older[0]))
        let device = try await Device.loggedIn(at: front.url, server.tokens[0])
        let watch = try Watch(device, "--verbose", isForPeople: true)
        var remark = ""
        repeat { remark = await watch.remark() } while !remark.isEmpty && !remark.contains("from time to time")
        #expect(remark == "the server does not tell of news; asking from time to time")
        #expect(await watch.stop() == 130)
    }

    @Test(
        "a login page of the network, or a server that is busy, is waited for, and then what was marked goes out",
        arguments: [loginPage, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"])
    func obstacle(_ answer: String) async throws {
        let server = try await Server.start()
        let front = try WatchFront(before: server, .hang)
        let device = try await Device.loggedIn(at: front.url, server.tokens[0])
        let watch = try Watch(device, isForPeople: true)
        #expect(await watch.line().contains("12 new articles"))
        #expect(await watch.remark().contains("watching"))
        front.obstruct(answer)
        try await device.done("save", try await device.articles()[0])
        #expect(await watch.remark().hasSuffix("trying again"))
        front.obstruct(nil)
        #expect(await watch.line().contains("sent 1 change"))
        #expect(await watch.remark().contains("can be reached again"))
        #expect(await watch.stop() == 130)
    }

    @Test(
        "after the machine was suspended, and the server restarted meanwhile, what came comes, and nobody is told of an error"
    )
    func suspended() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        let watch = try Watch(laptop, isForPeople: true)
        #expect(await watch.line().contains("12 new articles"))
        try watch.child.suspend()
        try server.restart()
        try await phone.done("save", try await phone.articles()[0])
        try await phone.done("sync")
        watch.child.resume()
        #expect(await watch.line().contains("received 1 change"))
        #expect(await watch.stop() == 130)
        let remarks = watch.remarks()
        #expect(remarks.count == 2 && remarks[0].contains("watching") && remarks[1].contains("stopped"), "\(remarks)")
    }
}
