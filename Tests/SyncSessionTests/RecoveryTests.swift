import SyncCore
import SyncSession
import Testing

@Suite("A sync's repairs")
struct RecoveryTests {
    private func offered(_ sequence: UInt64) -> RestoreOffer.Entry {
        RestoreOffer.Entry(
            entry: LogEntry(
                sequence: sequence, received: WallTime(milliseconds: 0), change: pendingChange(sequence)), saw: [])
    }

    /// A session that has offered entry 55 to a server which shares the log up to 50.
    private func offering() -> Harness {
        var harness = Harness()
        let actions = harness.start(state(60))
        _ = harness.on(.failed(RemoteError(.prefixMismatch, "other"), actions[0]))
        _ = harness.on(.checkpointsLoaded([cursor(60)]))
        _ = harness.on(.commonFound(cursor(50)))
        _ = harness.on(.offersLoaded([offered(55)]))
        return harness
    }

    @Test("an expired cursor leads to a snapshot, then to the log from there")
    func expired() {
        var harness = Harness()
        let actions = harness.start(state(5))
        #expect(harness.on(.failed(RemoteError(.cursorExpired, "old"), actions[0])) == [.fetchSnapshot(nil)])
        let token = SnapshotToken(text: "t")
        let first = SnapshotPage(cursor: cursor(90), versions: [], next: token)
        #expect(harness.on(.snapshot(first)) == [.stage(first, isFirst: true), .fetchSnapshot(token)])
        let last = SnapshotPage(cursor: cursor(90), versions: [], next: nil)
        #expect(harness.on(.snapshot(last)) == [.stage(last, isFirst: false), .findCommon([cursor(5)])])
        #expect(harness.on(.commonFound(cursor(5))) == [.adopt(common: nil, holdsFlips: false)])
        _ = harness.on(.adopted(StateSummary(), state(90)))
        #expect(harness.on(.pushLoaded([])).exchange?.cursor == cursor(90))
        #expect(harness.session.progress.repairs == [.snapshotTaken])
    }

    @Test("a restored server is offered what it lost, and if its log is whole again the sync goes on as if nothing was")
    func restoredWhole() {
        var harness = Harness()
        let actions = harness.start(state(60))
        let located = harness.on(.failed(RemoteError(.prefixMismatch, "shorter"), actions[0]))
        #expect(located == [.loadCheckpoints(limit: 64)])
        #expect(harness.on(.checkpointsLoaded([cursor(60), cursor(50)])) == [.findCommon([cursor(60), cursor(50)])])
        #expect(harness.on(.commonFound(cursor(50))) == [.loadOffers(after: 50, common: 50, limit: 1_000)])
        let offer = RestoreOffer(common: cursor(50), entries: [offered(51), offered(60)])
        #expect(harness.on(.offersLoaded(offer.entries)) == [.restore(offer)])
        let placed = RestoreReply(places: [51, 60], common: cursor(60))
        #expect(
            harness.on(.restored(placed)) == [
                .recordRestore(offer, placed), .loadOffers(after: 60, common: 60, limit: 1_000),
            ])
        #expect(
            harness.on(.offersLoaded([])) == [
                .loadPush(limit: 1_000, fields: .init(RemoteCapabilities.FieldKind.allCases))
            ])
        #expect(harness.session.progress.repairs == [.remoteRestored])
    }

    @Test("a server that moved on after its restore is offered the same, and the registers are taken anew")
    func restoredAndGrown() {
        var harness = offering()
        _ = harness.on(.restored(RestoreReply(places: [81], common: cursor(50))))
        #expect(harness.on(.offersLoaded([])) == [.fetchSnapshot(nil)])
        let page = SnapshotPage(cursor: cursor(81), versions: [], next: nil)
        #expect(harness.on(.snapshot(page)) == [.stage(page, isFirst: true), .adopt(common: 50, holdsFlips: false)])
    }

    @Test("a server that is put back once more before the snapshot came is noticed, and mended from the beginning")
    func restoredTwice() {
        var harness = offering()
        let head = cursor(81)
        _ = harness.on(.restored(RestoreReply(places: [81], common: cursor(50), head: head)))
        #expect(harness.on(.offersLoaded([])) == [.fetchSnapshot(nil)])
        let page = SnapshotPage(cursor: cursor(52), versions: [], next: nil)
        #expect(harness.on(.snapshot(page)) == [.stage(page, isFirst: true), .findCommon([head])])
        #expect(harness.on(.commonFound(cursor(0))) == [.loadCheckpoints(limit: 64)])
    }

    @Test("a snapshot is taken over only if it reaches as far as what was offered")
    func snapshotTooShort() {
        var harness = offering()
        _ = harness.on(.restored(RestoreReply(places: [81], common: cursor(50), head: cursor(81))))
        _ = harness.on(.offersLoaded([]))
        _ = harness.on(.snapshot(SnapshotPage(cursor: cursor(80), versions: [], next: nil)))
        #expect(harness.on(.commonFound(cursor(81))) == [.loadCheckpoints(limit: 64)])
    }

    /// A page whose only version stands at a sequence.
    private func page(_ sequence: UInt64, of cursor: StateCursor, next: SnapshotToken? = nil) -> SnapshotPage {
        let version = Version(change: pendingChange(1), position: .logged(sequence), noteBase: "")
        return SnapshotPage(cursor: cursor, versions: [version], next: next)
    }

    @Test("a snapshot that expires between its pages is begun anew, and what the repair relies on stays")
    func expiredBetweenPages() {
        var harness = offering()
        let token = SnapshotToken(text: "t")
        _ = harness.on(.restored(RestoreReply(places: [81], common: cursor(50), head: cursor(81))))
        _ = harness.on(.offersLoaded([]))
        _ = harness.on(.snapshot(page(3, of: cursor(82), next: token)))
        let expired = RemoteError(.cursorExpired, "compacted")
        #expect(harness.on(.failed(expired, .fetchSnapshot(token))) == [.fetchSnapshot(nil)])
        let again = page(85, of: cursor(90))
        #expect(harness.on(.snapshot(again)) == [.stage(again, isFirst: true), .findCommon([cursor(81)])])
        #expect(harness.on(.commonFound(cursor(81))) == [.adopt(common: 50, holdsFlips: false)])
    }

    @Test("a later page with a version beyond the snapshot's cursor is not taken: the snapshot is begun anew")
    func pageAhead() {
        var harness = Harness()
        let actions = harness.start(state(0))
        let token = SnapshotToken(text: "t")
        _ = harness.on(.failed(RemoteError(.cursorExpired, "old"), actions[0]))
        _ = harness.on(.snapshot(page(9, of: cursor(9), next: token)))
        #expect(harness.on(.snapshot(page(10, of: cursor(9)))) == [.fetchSnapshot(nil)])
        let whole = page(10, of: cursor(10))
        #expect(harness.on(.snapshot(whole)) == [.stage(whole, isFirst: true), .adopt(common: nil, holdsFlips: false)])
    }

    @Test("a later page of another cursor is not taken")
    func pageOfOther() {
        var harness = Harness()
        let actions = harness.start(state(0))
        _ = harness.on(.failed(RemoteError(.cursorExpired, "old"), actions[0]))
        _ = harness.on(.snapshot(page(9, of: cursor(9), next: SnapshotToken(text: "t"))))
        #expect(harness.on(.snapshot(page(9, of: cursor(10)))) == [.fetchSnapshot(nil)])
    }

    @Test("a server that never tells one state ends the sync")
    func neverOneState() {
        var harness = Harness()
        var actions = harness.start(state(0))
        actions = harness.on(.failed(RemoteError(.cursorExpired, "old"), actions[0]))
        for _ in 0..<10 where actions.report == nil { actions = harness.on(.snapshot(page(10, of: cursor(9)))) }
        #expect(actions.report?.failure?.code == .brokenAnswer)
    }

    @Test("the first snapshot after one that was left between its pages begins a new one")
    func leftBetweenPages() {
        var harness = offering()
        let token = SnapshotToken(text: "t")
        _ = harness.on(.restored(RestoreReply(places: [81], common: cursor(50), head: cursor(81))))
        _ = harness.on(.offersLoaded([]))
        _ = harness.on(.snapshot(page(3, of: cursor(82), next: token)))
        // Put back between the pages, to a log that the replica's cursor belongs to again.
        _ = harness.on(.failed(RemoteError(.prefixMismatch, "other"), .fetchSnapshot(token)))
        _ = harness.on(.checkpointsLoaded([cursor(60)]))
        _ = harness.on(.commonFound(cursor(60)))
        _ = harness.on(.offersLoaded([]))
        let exchange = harness.on(.pushLoaded([]))
        _ = harness.on(.failed(RemoteError(.cursorExpired, "compacted"), exchange[0]))
        let fresh = page(70, of: cursor(90))
        #expect(harness.on(.snapshot(fresh)).first == .stage(fresh, isFirst: true))
    }

    @Test("further offers say where the log ended after those before")
    func offersFollow() {
        var harness = offering()
        _ = harness.on(.restored(RestoreReply(places: [81], common: cursor(50), head: cursor(81))))
        let next = RestoreOffer(common: cursor(50), entries: [offered(56)], placed: cursor(81))
        #expect(harness.on(.offersLoaded(next.entries)) == [.restore(next)])
    }

    @Test("a snapshot that holds what the replica never did under its own name leads to a new identity")
    func forkedBySnapshot() {
        var harness = Harness()
        let actions = harness.start(state(0))
        _ = harness.on(.failed(RemoteError(.cursorExpired, "old"), actions[0]))
        _ = harness.on(.snapshot(SnapshotPage(cursor: cursor(9), versions: [], next: nil)))
        guard case .reidentify? = harness.on(.adopted(StateSummary(forked: true), state(9))).first else {
            Issue.record("the shared identity was kept")
            return
        }
    }

    @Test("a shared identity is left only after everything written under it was pulled")
    func forked() {
        var harness = Harness()
        let actions = harness.start(state(5), push: [pendingChange(1)])
        let absorbing = harness.on(.failed(RemoteError(.replicaForked, "clone"), actions[0]))
        #expect(absorbing.exchange?.push == [])
        _ = harness.on(.replied(reply(9, remaining: 1)))
        _ = harness.on(.applied(StateSummary(received: 4), state(9)))
        #expect(harness.on(.pushLoaded([pendingChange(1)])).exchange?.push == [])
        _ = harness.on(.replied(reply(10)))
        let left = harness.on(.applied(StateSummary(received: 1), state(10)))
        guard case .reidentify(let fresh)? = left.first else {
            Issue.record("the identity must be renewed, not \(left)")
            return
        }
        #expect(fresh != replica)
        _ = harness.on(.reidentified(state(10, replica: fresh)))
        #expect(harness.on(.pushLoaded([pendingChange(1)])).exchange?.replica == fresh)
    }

    @Test("an entry of one's own that one never made has the same effect")
    func restoredFromImage() {
        var harness = Harness()
        _ = harness.start(state(5))
        _ = harness.on(.replied(reply(6)))
        let actions = harness.on(.applied(StateSummary(received: 1, forked: true), state(6)))
        #expect(actions.count == 1)
        if case .reidentify = actions[0] {} else { Issue.record("expected a new identity, not \(actions)") }
    }

    @Test("a server whose log never settles is left after three repairs")
    func endless() {
        var harness = Harness()
        var actions = harness.start(state(60))
        for _ in 0..<10 where actions.report == nil {
            actions = harness.on(.failed(RemoteError(.cursorExpired, "old"), actions[0]))
            if actions.report != nil { break }
            _ = harness.on(.snapshot(SnapshotPage(cursor: cursor(1), versions: [], next: nil)))
            _ = harness.on(.adopted(StateSummary(), state(1)))
            actions = harness.on(.pushLoaded([]))
        }
        #expect(actions.report?.failure?.code == .cursorExpired)
    }
}
