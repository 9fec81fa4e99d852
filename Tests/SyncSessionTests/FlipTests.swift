import SyncCore
import SyncSession
import Testing

@Suite("Pages that are applied together or not at all")
struct FlipTests {
    private var manyMarks: SyncState {
        var state = state(0)
        state.hasManyMarks = true
        return state
    }

    private var flips: Flips {
        var flips = Flips(marks: 700)
        for _ in 0..<600 { flips.count(.flag(true), .flag(false), by: ReplicaID(rawValue: 9)) }
        return flips
    }

    @Test("pages are gathered where so many are to come, one failure in passing included, and applied at once")
    func gathers() throws {
        var harness = Harness()
        _ = harness.start(manyMarks)
        let (first, last) = (reply(1_000, entries: [1_000], remaining: 600), reply(1_600, entries: [1_600]))
        let next = harness.on(.replied(first))
        #expect(next.count == 1 && next.exchange?.cursor == cursor(1_000) && next.exchange?.push == [])
        let wait = harness.on(.failed(RemoteError(.offline, "gone"), try #require(next.first)))
        #expect(wait.wait != nil)
        #expect(harness.on(.waited) == next)
        #expect(harness.on(.replied(last)) == [.applyHolding([first, last])])
        #expect(harness.on(.applied(StateSummary(received: 1_600), state(1_600))) == [.applyPolicies])
        #expect(harness.on(.policiesApplied(0)).report?.held == nil)
    }

    @Test("what is held is reported, and what is pending is sent all the same, at the old cursor")
    func held() {
        var harness = Harness()
        _ = harness.start(manyMarks)
        _ = harness.on(.replied(reply(1_000, entries: [1_000], remaining: 600)))
        _ = harness.on(.replied(reply(1_600, entries: [1_600])))
        #expect(harness.on(.held(flips)).map(\.isLoad) == [true])
        let push = harness.on(.pushLoaded([pendingChange(5)]))
        #expect(push.exchange?.cursor == cursor(0) && push.exchange?.push.count == 1)
        #expect(harness.on(.replied(reply(1_000, entries: [1_000], remaining: 601))).map(\.isLoad) == [true])
        let report = harness.on(.pushLoaded([])).report
        #expect(report?.held == flips && report?.failure == nil)
    }

    @Test("what was gathered of a history that is no more is forgotten")
    func restored() throws {
        var harness = Harness()
        _ = harness.start(manyMarks)
        let next = harness.on(.replied(reply(1_000, entries: [1_000], remaining: 600)))
        _ = harness.on(.failed(RemoteError(.prefixMismatch, "put back"), try #require(next.first)))
        _ = harness.on(.checkpointsLoaded([cursor(0)]))
        _ = harness.on(.commonFound(cursor(0)))
        _ = harness.on(.offersLoaded([]))
        let after = reply(700, entries: [700])
        #expect(harness.on(.pushLoaded([])).exchange?.cursor == cursor(0))
        #expect(harness.on(.replied(after)) == [.applyReply(after)])
    }

    @Test("a replica with few marks, or a person who applies all, takes page by page", arguments: [true, false])
    func pageByPage(_ appliesFlips: Bool) {
        var options = ClientSession.Options()
        options.appliesFlips = appliesFlips
        var harness = Harness(options: options)
        _ = harness.start(appliesFlips ? manyMarks : state(0))
        #expect(harness.on(.replied(reply(1_000, entries: [1_000], remaining: 600))).map(\.isLoad) == [true])
    }
}
