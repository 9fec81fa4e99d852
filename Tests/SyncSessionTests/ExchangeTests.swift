import SyncCore
import SyncSession
import Testing

@Suite("A sync's push and pull")
struct ExchangeTests {
    @Test("nothing new on either side costs one request")
    func nothingNew() {
        var harness = Harness()
        #expect(harness.start(state(7)).exchange?.push == [])
        #expect(harness.on(.replied(reply(7))) == [.applyReply(reply(7))])
        #expect(harness.on(.applied(StateSummary(), state(7))) == [.applyPolicies])
        let report = harness.on(.policiesApplied(0)).report
        #expect(report?.requests == 1)
        #expect(report?.failure == nil)
    }

    @Test("pending changes go out with the first request, and their echo ends the sync")
    func pushOnce() {
        var harness = Harness()
        #expect(harness.start(state(7), push: [pendingChange(1)]).exchange?.push.count == 1)
        _ = harness.on(.replied(reply(8)))
        _ = harness.on(.applied(StateSummary(acknowledged: 1), state(8)))
        #expect(harness.on(.pushLoaded([])) == [.applyPolicies])
        #expect(harness.on(.policiesApplied(0)).report?.requests == 1)
    }

    @Test("pages follow each other until nothing remains")
    func pages() {
        var harness = Harness()
        _ = harness.start()
        _ = harness.on(.replied(reply(1_000, remaining: 500)))
        _ = harness.on(.applied(StateSummary(received: 1_000), state(1_000)))
        #expect(harness.on(.pushLoaded([])).exchange?.cursor == cursor(1_000))
        _ = harness.on(.replied(reply(1_500)))
        #expect(harness.on(.applied(StateSummary(received: 500), state(1_500))) == [.applyPolicies])
    }

    @Test("the next page is asked for before one is applied that holds nothing but entries")
    func ahead() {
        var harness = Harness()
        _ = harness.start()
        let first = reply(1_000, entries: [1_000], remaining: 500)
        #expect(harness.on(.replied(first)).map(\.isLoad) == [true])
        let actions = harness.on(.pushLoaded([]))
        #expect(actions.exchange?.cursor == cursor(1_000))
        #expect(actions.last == .applyReply(first))
        #expect(harness.on(.applied(StateSummary(received: 1_000), state(1_000))).isEmpty)
        let last = reply(1_500, entries: [1_500])
        #expect(harness.on(.replied(last)) == [.applyReply(last)])
        #expect(harness.on(.applied(StateSummary(received: 500), state(1_500))) == [.applyPolicies])
    }

    @Test("the next changes leave before their predecessors' acknowledgement is applied, none of these twice")
    func pushAhead() {
        var harness = Harness()
        _ = harness.start(push: [pendingChange(1), pendingChange(2)])
        let first = reply(2, entries: [1, 2])
        guard case .loadPush(_, _, let after)? = harness.on(.replied(first)).first else {
            Issue.record("the next changes must be loaded")
            return
        }
        #expect(after == 2)
        let actions = harness.on(.pushLoaded([pendingChange(3)]))
        #expect(actions.exchange?.push == [pendingChange(3)])
        #expect(actions.exchange?.cursor == cursor(2))
        #expect(actions.last == .applyReply(first))
        #expect(harness.on(.applied(StateSummary(acknowledged: 2), state(2))).isEmpty)
        _ = harness.on(.replied(reply(3, entries: [3])))
        #expect(harness.on(.pushLoaded([])) == [.applyReply(reply(3, entries: [3]))])
        _ = harness.on(.applied(StateSummary(acknowledged: 1), state(3)))
        #expect(harness.on(.pushLoaded([])) == [.applyPolicies])
        #expect(harness.on(.policiesApplied(0)).report?.requests == 2)
    }

    @Test("nothing more leaves before a page is applied that lacks a change that was pushed")
    func notAhead() {
        var harness = Harness()
        _ = harness.start(push: [pendingChange(1), pendingChange(2)])
        let first = reply(1, entries: [1])
        #expect(harness.on(.replied(first)) == [.applyReply(first)])
    }

    @Test("a shared identity that a page shows while the next changes are under way is left after their answer")
    func forkedAhead() {
        var harness = Harness()
        _ = harness.start(push: [pendingChange(1)])
        _ = harness.on(.replied(reply(1, entries: [1])))
        _ = harness.on(.pushLoaded([pendingChange(2)]))
        #expect(harness.on(.applied(StateSummary(forked: true), state(1))).isEmpty)
        let last = reply(2, entries: [2])
        #expect(harness.on(.replied(last)) == [.applyReply(last)])
        guard case .reidentify? = harness.on(.applied(StateSummary(acknowledged: 1), state(2))).first else {
            Issue.record("the identity must be renewed")
            return
        }
    }

    @Test("what a policy resolves is sent in the same sync")
    func policies() {
        var harness = Harness()
        _ = harness.start()
        _ = harness.on(.replied(reply(1)))
        _ = harness.on(.applied(StateSummary(), state(1)))
        _ = harness.on(.policiesApplied(2))
        #expect(harness.on(.pushLoaded([pendingChange(1)])).exchange?.push.count == 1)
    }

    @Test("a server that acknowledges nothing is left after three rounds")
    func noProgress() {
        var harness = Harness()
        var actions = harness.start(state(0), push: [pendingChange(1)])
        for _ in 0..<10 where actions.report == nil {
            _ = harness.on(.replied(reply(0)))
            actions = harness.on(.applied(StateSummary(), state(0)))
            if actions.report == nil { actions = harness.on(.pushLoaded([pendingChange(1)])) }
        }
        #expect(actions.report?.failure?.code == .brokenAnswer)
        #expect(actions.report?.requests == 3)
    }

    @Test("a session that is over asks for nothing more")
    func over() {
        var harness = Harness()
        let actions = harness.start()
        _ = harness.on(.failed(RemoteError(.unauthorized, "no"), actions[0]))
        #expect(harness.on(.replied(reply(1))).isEmpty)
        #expect(harness.on(.pushLoaded([pendingChange(1)])).isEmpty)
    }
}

@Suite("A failed request")
struct FailureTests {
    @Test(
        "ends the sync with its reason when asking again cannot help",
        arguments: [
            RemoteError.Code.unauthorized, .notARemote, .versionMismatch, .refused, .cancelled, .catalogChanged,
        ])
    func final(code: RemoteError.Code) {
        var harness = Harness()
        let actions = harness.start()
        #expect(harness.on(.failed(RemoteError(code, "why"), actions[0])).report?.failure?.code == code)
    }

    @Test("at first contact with nobody there, the person is told at once")
    func offline() {
        var harness = Harness()
        let actions = harness.start()
        #expect(harness.on(.failed(RemoteError(.offline, "gone"), actions[0])).report?.failure?.code == .offline)
    }

    @Test("that may pass is made again after a short wait, twice")
    func retried() {
        var harness = Harness()
        let actions = harness.start()
        for attempt in 1...2 {
            let wait = harness.on(.failed(RemoteError(.brokenAnswer, "cut"), actions[0])).wait
            #expect((wait ?? .zero) <= .milliseconds(200 << attempt))
            #expect(wait != nil)
            #expect(harness.on(.waited) == actions)
        }
        let report = harness.on(.failed(RemoteError(.brokenAnswer, "cut"), actions[0])).report
        #expect(report?.failure?.code == .brokenAnswer)
        #expect(report?.requests == 3)
    }

    @Test("waits as long as the server asks, if that is short")
    func retryAfter() {
        var harness = Harness()
        let actions = harness.start()
        let busy = RemoteError(.busy, "later", retryAfter: .seconds(3))
        #expect(harness.on(.failed(busy, actions[0])).wait == .seconds(3))
    }

    @Test("ends the sync if the server asks for a long wait")
    func longRetryAfter() {
        var harness = Harness()
        let actions = harness.start()
        let busy = RemoteError(.busy, "later", retryAfter: .seconds(120))
        #expect(harness.on(.failed(busy, actions[0])).report?.failure == busy)
    }
}
