import SyncCore

/// Which history is held, which is wanted, and what is on its way, over all publications.
struct CatalogProgress: Hashable, Sendable {
    private(set) var plans: [EntityName: CatalogPlan] = [:]
    /// Pages that were given out to be applied and were not reported yet. One page may set several free.
    private var applying = 0

    /// Takes over what the replica holds.
    mutating func begin(_ states: [CatalogState]) {
        for state in states { plans[state.publication] = CatalogPlan(state) }
    }

    /// What to tell the remote that the replica holds.
    var heads: [CatalogHead] { plans.values.compactMap(\.held).sorted { $0.publication < $1.publication } }

    /// Whether no history is missing as far as the last heads told.
    var isWhole: Bool { !plans.isEmpty && plans.values.allSatisfy { $0.isWhole } }

    /// Entries that are not held, over all publications, as far as the last heads told.
    var missing: Int {
        plans.values.reduce(0) { sum, plan in
            let (total, isTooMany) = sum.addingReportingOverflow(Int(clamping: plan.missing))
            return isTooMany ? .max : total
        }
    }

    /// Takes note of heads that differ from what is held.
    mutating func note(heads: [CatalogHead]) {
        for head in heads {
            plans[head.publication, default: CatalogPlan(publication: head.publication)].aim(at: head)
        }
    }

    /// A tail that came along, if it continues what is held.
    mutating func take(tail: CatalogPage) -> CatalogPage? {
        guard var plan = plans[tail.publication], plan.accepts(tail: tail), let range = tail.range else { return nil }
        plan.hold(range)
        plans[tail.publication] = plan
        applying += 1
        return tail
    }

    /// The next pieces to ask for, so that `window` are on their way: every publication's newest first.
    mutating func requests(window: Int) -> [CatalogRequest] {
        var found: [CatalogRequest] = []
        var underWay = plans.values.reduce(0) { $0 + $1.underWay.count }
        // A publication without any history goes first: its first screen is what the reader waits for.
        let open = plans.values.filter { !$0.isWhole }.sorted { $0.publication < $1.publication }
        let order = open.sorted { !$0.hasAny && $1.hasAny }.map(\.publication)
        for publication in order {
            while underWay < window, let request = plans[publication]?.next() {
                found.append(request)
                underWay += 1
            }
        }
        return found
    }

    /// What to apply now that `page` has come; pages are applied in the order of the requests.
    ///
    /// - Returns: pages to apply, or `nil` if the page does not verify against the hash that is known.
    mutating func take(_ page: CatalogPage, for request: CatalogRequest) -> [CatalogPlan.Step]? {
        guard var plan = plans[request.publication] else { return [] }
        let steps = plan.take(page, for: request)
        plans[request.publication] = plan
        applying += steps?.count ?? 0
        return steps
    }

    /// A page was applied.
    mutating func noteApplied() { applying -= 1 }

    /// Whether nothing is on its way and nothing waits to be applied.
    var isIdle: Bool { applying == 0 && plans.values.allSatisfy { $0.underWay.isEmpty } }

    /// Whether `request` is on its way and its page still wanted.
    func awaits(_ request: CatalogRequest) -> Bool {
        plans[request.publication]?.underWay.contains { $0.request == request } ?? false
    }

    /// Drops what is on its way.
    mutating func forgetRequests() {
        for publication in plans.keys { plans[publication]?.forgetRequests() }
    }
}

extension ClientSession {
    mutating func beginCatalog() -> [Action] {
        phase = .catalog
        return continueCatalog()
    }

    mutating func continueCatalog() -> [Action] {
        guard phase == .catalog else { return [] }
        let requests = catalog.requests(window: options.catalogWindow)
        report.requests += requests.count
        if requests.isEmpty, catalog.isIdle { return finish() }
        return requests.map { .fetchCatalog($0) }
    }

    mutating func take(_ page: CatalogPage, for request: CatalogRequest) -> [Action] {
        guard phase == .catalog else { return [] }
        attempts[.fetchCatalog(request)] = nil
        guard let steps = catalog.take(page, for: request) else {
            return finish(
                RemoteError(
                    .brokenAnswer, "the history of '\(request.publication)' does not match its hash",
                    remedy: "sync again; if it stays, a cache between here and the server is damaged"))
        }
        if steps.contains(where: \.resets) { report.repairs.append(.catalogReplaced) }
        return steps.isEmpty ? continueCatalog() : steps.map { .applyCatalog($0.page, resets: $0.resets) }
    }
}
