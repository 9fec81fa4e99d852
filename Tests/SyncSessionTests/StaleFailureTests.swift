import SyncCore
import SyncSession
import Testing

@Suite("Answers that come after the session moved on")
struct StaleFailureTests {
    @Test("a history that was replaced fails all requests for it, and the session asks for the new one")
    func allFail() throws {
        var (harness, requests) = try backfill()
        let gone = RemoteError(.catalogChanged, "the history was begun anew")
        var actions = harness.on(.failed(gone, .fetchCatalog(requests[0])))
        #expect(actions.report == nil)
        for request in requests.dropFirst() {
            #expect(harness.on(.failed(gone, .fetchCatalog(request))) == [])
        }
        _ = harness.on(.pushLoaded([]))
        let new = ModelCatalog(generation: "g2", count: 100)
        _ = harness.on(.replied(reply(0, heads: [new.head])))
        _ = harness.on(.applied(StateSummary(), state()))
        actions = harness.on(.policiesApplied(0))
        #expect(actions.catalogRequests.map(\.generation) == ["g2"])
    }

    @Test("a request that is no longer wanted is not made again")
    func notRetried() throws {
        var (harness, requests) = try backfill()
        let waits = harness.on(.failed(RemoteError(.busy, "later"), .fetchCatalog(requests[1])))
        #expect(waits.wait != nil)
        _ = harness.on(.failed(RemoteError(.catalogChanged, "begun anew"), .fetchCatalog(requests[0])))
        #expect(harness.on(.waited) == [])
        #expect(harness.on(.failed(RemoteError(.offline, "gone"), .fetchCatalog(requests[2]))) == [])
    }

    /// A session that has three pieces of history on their way.
    private func backfill() throws -> (Harness, [CatalogRequest]) {
        var harness = Harness()
        _ = harness.start()
        _ = harness.on(.replied(reply(0, heads: [ModelCatalog(count: 1_000).head])))
        _ = harness.on(.applied(StateSummary(), state()))
        let requests = harness.on(.policiesApplied(0)).catalogRequests
        try #require(requests.count == 3)
        return (harness, requests)
    }
}
