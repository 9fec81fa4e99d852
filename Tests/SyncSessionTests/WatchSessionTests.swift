import SyncCore
import SyncSession
import SyncTestKit
import Testing

@Suite("How a watch follows its server")
struct WatchSessionTests {
    private var session = WatchSession()
    private var draw = SeededRandom(seed: 7)

    private mutating func answered(_ token: String?, waited: Int64 = 3, syncs: WatchSession.Syncs = .quiet)
        -> WatchSession.Step
    {
        session.handle(.answered(token), waited: waited, syncs: syncs, using: &draw)
    }

    private mutating func failed(
        _ code: RemoteError.Code = .busy, waited: Int64 = 3, retryAfter: Int64? = nil,
        syncs: WatchSession.Syncs = .quiet
    ) -> WatchSession.Step {
        let error = RemoteError(code, "it cannot", retryAfter: retryAfter.map { .seconds($0) })
        return session.handle(.failed(error), waited: waited, syncs: syncs, using: &draw)
    }

    @Test("it takes a token, syncs, and waits with it; a wait that ends without news syncs nothing")
    mutating func holding() {
        #expect(answered("a") == WatchSession.Step(syncs: true, token: "a"))
        #expect(answered("a", waited: 50_000) == WatchSession.Step(token: "a"))
        #expect(answered("b", waited: 9_000) == WatchSession.Step(syncs: true, token: "b"))
    }

    @Test("where nobody may wait it asks after a minute or so, later after none, sooner after news, and says so once")
    mutating func polling() {
        let first = answered(nil)
        #expect(first.remark == "the server does not tell of news" && !first.syncs)
        #expect((50_000...60_000).contains(first.pause))
        var pauses: [Int64] = []
        for _ in 0..<10 {
            let step = answered(nil)
            #expect(step.syncs && step.remark == nil)
            pauses.append(step.pause)
        }
        #expect(pauses[0] < pauses[2] && pauses[2] < pauses[4] && pauses.max() ?? 0 <= 990_000)
        for _ in 0..<10 { pauses.append(answered(nil, syncs: .news).pause) }
        #expect(pauses.last ?? 0 < 35_000)
        #expect(answered("a") == WatchSession.Step(syncs: true, token: "a"))
    }

    @Test(
        "a wait that always fails is tried again, later and later, and what there is is asked for meanwhile",
        arguments: [RemoteError.Code.busy, .brokenAnswer, .offline, .refused])
    mutating func failing(_ code: RemoteError.Code) {
        _ = answered("a")
        var (time, syncs, remarks, requests) = (Int64(0), [Int64](), 0, 0)
        while time < 3_600_000 {
            let step = failed(code)
            requests += 1
            if step.syncs { syncs.append(time) }
            if step.remark != nil { remarks += 1 }
            #expect(step.token == nil && (900...66_000).contains(step.pause))
            time += 3 + step.pause
        }
        #expect((50_000...130_000).contains(syncs.first ?? 0))
        #expect((5...12).contains(syncs.count), "\(syncs)")
        #expect(remarks == 1 && requests < 80)
    }

    @Test("a request that hangs beyond its time makes a sync due")
    mutating func hanging() {
        _ = answered("a")
        let step = failed(.offline, waited: 65_000)
        #expect(step.syncs && step.token == nil && step.remark != nil)
    }

    @Test(
        "a connection that was lost is made anew within seconds, with no sync before the server says there is something"
    )
    mutating func lostConnection() {
        _ = answered("a")
        let step = failed(.brokenAnswer, waited: 20_000)
        #expect(!step.syncs && step.pause <= 1_100)
        #expect(answered("a") == WatchSession.Step(token: "a"))
        _ = failed(.brokenAnswer, waited: 20_000)
        #expect(answered("b").syncs)
    }

    @Test("after a failure a sync that failed is tried again as soon as the server answers")
    mutating func failedSync() {
        _ = answered("a")
        _ = failed(.offline)
        #expect(answered("a", syncs: .failed).syncs)
    }

    @Test("a server with no room to wait, that answers who does not wait, is not asked without a pause")
    mutating func noRoom() {
        _ = answered("a")
        var pauses: [Int64] = []
        for _ in 0..<8 {
            pauses.append(failed().pause)
            #expect(answered("a") == WatchSession.Step(token: "a"))
        }
        #expect(pauses.last ?? 0 > 50_000)
        #expect(answered("b", waited: 10_000).syncs)
        #expect(failed().pause <= 1_100)
    }

    @Test("what the server asks for is waited for: a quarter of an hour at most, and a sync is due then")
    mutating func retryAfter() {
        _ = answered("a")
        #expect(failed(retryAfter: 86_400).pause == 900_000)
        #expect(failed(retryAfter: 86_400).syncs)
    }

    @Test("a server that answers who should wait at once is asked less and less")
    mutating func notHeld() {
        _ = answered("a")
        let first = answered("a").pause
        #expect(first > 60_000 && answered("a").pause > first)
    }
}
