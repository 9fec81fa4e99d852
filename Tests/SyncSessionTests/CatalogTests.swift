import SyncCore
import SyncSession
import SyncTestKit
import Testing

@Suite("A sync's catalog")
struct CatalogTests {
    /// Runs a session from the exchange to its end against a catalog, and says which pages were applied.
    private func run(
        _ catalog: ModelCatalog, held: [CatalogState], tails: [CatalogPage] = [], shuffle seed: UInt64? = nil,
        damage: ((CatalogRequest, CatalogPage) -> CatalogPage)? = nil
    ) -> (applied: [(page: CatalogPage, resets: Bool)], requests: [CatalogRequest], report: SyncReport?) {
        var harness = Harness()
        var order = SeededRandom(seed: seed ?? 0)
        _ = harness.start(catalog: held)
        let heads = held.first?.ranges.last.map { $0.toHash } == catalog.head.hash ? [] : [catalog.head]
        var actions = harness.on(.replied(reply(0, heads: heads, tails: tails)))
        var (applied, requests, open) = ([(page: CatalogPage, resets: Bool)](), [CatalogRequest](), [CatalogRequest]())
        for case .applyCatalog(let page, let resets) in actions {
            applied.append((page, resets))
            _ = harness.on(.catalogApplied(CatalogSummary(added: page.entries.count)))
        }
        _ = harness.on(.applied(StateSummary(), state()))
        actions = harness.on(.policiesApplied(0))
        for _ in 0..<10_000 {
            requests += actions.catalogRequests
            open += actions.catalogRequests
            if let report = actions.report { return (applied, requests, report) }
            let pages = actions.compactMap { action -> (CatalogPage, Bool)? in
                if case .applyCatalog(let page, let resets) = action { (page, resets) } else { nil }
            }
            if !pages.isEmpty {
                applied += pages.map { (page: $0.0, resets: $0.1) }
                actions = pages.flatMap { harness.on(.catalogApplied(CatalogSummary(added: $0.0.entries.count))) }
                continue
            }
            guard !open.isEmpty else { return (applied, requests, nil) }
            let request = open.remove(at: seed == nil ? 0 : Int.random(in: 0..<open.count, using: &order))
            let page = catalog.page(request)
            actions = harness.on(.catalogPage(request, damage?(request, page) ?? page))
        }
        return (applied, requests, nil)
    }

    private func covered(_ applied: [(page: CatalogPage, resets: Bool)], from held: [CatalogRange]) -> [CatalogRange] {
        applied.reduce(held) { ranges, step in
            (step.resets ? [] : ranges).inserting(
                step.page.range ?? CatalogRange(from: 0, to: 0, fromHash: .zero, toHash: .zero))
        }
    }

    @Test("comes newest first on a new device")
    func newestFirst() {
        let catalog = ModelCatalog(count: 300)
        let result = run(catalog, held: [])
        #expect(result.applied.map(\.page.from) == [256, 128, 0])
        #expect(result.report?.failure == nil)
    }

    @Test(
        "is whole in the end, whatever its size and whichever answer comes first",
        arguments: [1, 127, 128, 129, 256, 1_000, 1_024], [1, 2, 3] as [UInt64])
    func whole(count: Int, seed: UInt64) {
        let catalog = ModelCatalog(count: count)
        let result = run(catalog, held: [], shuffle: seed)
        #expect(covered(result.applied, from: []) == [catalog.range(0, UInt64(count))])
        #expect(result.report?.failure == nil)
        // Every page is counted, also the last few that an answer set free at once.
        #expect(result.report?.catalog.added == count)
    }

    @Test("goes on where an interrupted backfill stopped, after what is newer", arguments: [1, 2, 3] as [UInt64])
    func resumes(seed: UInt64) {
        let catalog = ModelCatalog(count: 1_000)
        let held = [catalog.range(0, 128), catalog.range(512, 700)]
        let result = run(catalog, held: [catalog.state(held[0], held[1])], shuffle: seed)
        #expect(covered(result.applied, from: held) == [catalog.range(0, 1_000)])
        #expect(result.applied.first?.page.to == 1_000)
        #expect(result.applied.allSatisfy { !$0.resets })
    }

    @Test("asks for nothing that is held")
    func nothingTwice() {
        let catalog = ModelCatalog(count: 1_000)
        let result = run(catalog, held: [catalog.state(catalog.range(0, 896))])
        #expect(result.requests.count == 1)
        #expect(result.applied.map(\.page.from) == [896])
    }

    @Test("costs no request when the new entries came along")
    func inlineTail() {
        var catalog = ModelCatalog(count: 100)
        let held = catalog.state(catalog.range(0, 100))
        catalog.grow(by: 5)
        let result = run(catalog, held: [held], tails: [catalog.page(from: 100, to: 105)])
        #expect(result.requests.isEmpty)
        #expect(result.applied.map(\.page.to) == [105])
    }

    @Test("is fetched anew when the server's history is another", arguments: ["g1", "g2"])
    func replaced(generation: String) {
        let old = ModelCatalog(generation: "g1", count: 300, salt: 1)
        let new = ModelCatalog(generation: generation, count: 400, salt: 2)
        let result = run(new, held: [old.state(old.range(0, 300))])
        #expect(covered(result.applied, from: [old.range(0, 300)]) == [new.range(0, 400)])
        #expect(result.applied.contains { $0.resets })
        #expect(result.report?.failure == nil)
    }

    @Test("is fetched anew when the server's history became shorter")
    func shorter() {
        let old = ModelCatalog(count: 300)
        let new = ModelCatalog(count: 200)
        let result = run(new, held: [old.state(old.range(0, 300))])
        #expect(covered(result.applied, from: [old.range(0, 300)]) == [new.range(0, 200)])
        #expect(result.applied.first?.resets == true)
    }

    @Test("that differs only below the newest run is found by its hash, and fetched anew")
    func differsBelow() {
        let old = ModelCatalog(count: 100, salt: 1)
        let new = ModelCatalog(count: 300, salt: 2)
        let result = run(new, held: [old.state(old.range(0, 100))])
        #expect(covered(result.applied, from: [old.range(0, 100)]) == [new.range(0, 300)])
    }

    @Test("with a damaged tile is refused, and nothing of the tile applied")
    func damaged() {
        let catalog = ModelCatalog(count: 300)
        let result = run(catalog, held: []) { request, page in
            guard request.from == 128 else { return page }
            var page = page
            page.hashes[128] = Digest128(high: 6, low: 6)
            return page
        }
        #expect(result.report?.failure?.code == .brokenAnswer)
        #expect(result.applied.map(\.page.from) == [256])
    }
}
