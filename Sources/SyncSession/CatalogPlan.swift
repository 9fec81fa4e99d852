import SyncCore

/// How one publication's history is completed: from the newest entry downwards, tile by tile, each verified by the
/// hash that the piece above it (or the head) promised, until it meets what is held already.
struct CatalogPlan: Hashable, Sendable {
    /// A page to apply.
    struct Step: Hashable, Sendable {
        var page: CatalogPage
        /// Whether everything held of this history must be forgotten first.
        var resets: Bool
    }

    /// A request that is out, or whose page waits for those above it.
    struct Underway: Hashable, Sendable {
        var request: CatalogRequest
        /// Index after the last entry that is wanted of it.
        var upper: UInt64
        var page: CatalogPage?
    }

    let publication: EntityName
    private(set) var generation: String?
    private(set) var ranges: [CatalogRange] = []
    private(set) var head: CatalogHead?
    private(set) var underWay: [Underway] = []
    /// The replica still holds ranges of a history that is gone.
    private var mustReset = false
    /// Requests were made down to here; `nil` when the topmost gap is not begun.
    private var asked: UInt64?

    init(publication: EntityName) {
        self.publication = publication
    }

    init(_ state: CatalogState) {
        publication = state.publication
        generation = state.generation
        ranges = state.ranges
    }

    /// The newest run, as a head; `nil` if nothing is held.
    var held: CatalogHead? {
        guard let generation, let top = ranges.last else { return nil }
        return CatalogHead(publication: publication, generation: generation, count: top.to, hash: top.toHash)
    }

    /// Whether anything is held or on its way.
    var hasAny: Bool { !ranges.isEmpty || !underWay.isEmpty }

    /// Whether the history is held from its first entry to the head.
    var isWhole: Bool { gap == nil && underWay.isEmpty }

    /// Entries that are not held, as far as the head tells.
    var missing: UInt64 {
        let end = head?.count ?? ranges.last?.to ?? 0
        return ranges.reduce(end) { $0 - min($0, min($1.to, end) - min($1.from, end)) }
    }

    /// Takes note of where the history ends.
    mutating func aim(at head: CatalogHead) {
        self.head = head
        let top = ranges.last
        let isOther = generation != nil && generation != head.generation
        let isShorter = (top?.to ?? 0) > head.count
        let differs = top.map { $0.to == head.count && $0.toHash != head.hash } ?? false
        if isOther || isShorter || differs { forgetRanges() }
        generation = head.generation
    }

    func accepts(tail: CatalogPage) -> Bool {
        guard tail.generation == generation, let top = ranges.last, underWay.isEmpty else { return false }
        return tail.from == top.to && tail.hashes.first == top.toHash && tail.hashes.last == head?.hash
    }

    mutating func hold(_ range: CatalogRange) {
        ranges = ranges.inserting(range)
    }

    /// The topmost run that is missing: where it ends below and above, and the hash that is known at its upper end.
    private var gap: (lower: UInt64, upper: UInt64, hash: Digest128)? {
        if let head, (ranges.last?.to ?? 0) < head.count {
            return (ranges.last?.to ?? 0, head.count, head.hash)
        }
        guard let top = ranges.last, top.from > 0 || ranges.count > 1 else { return nil }
        let lower = ranges.count > 1 ? ranges[ranges.count - 2].to : 0
        return (lower, top.from, top.fromHash)
    }

    /// The next request of the topmost gap; `nil` if it is asked for to its end.
    mutating func next() -> CatalogRequest? {
        guard let gap, let generation else { return nil }
        let upper = asked ?? gap.upper
        guard upper > gap.lower else { return nil }
        let tile = (upper - 1) / CatalogPage.tileSize * CatalogPage.tileSize
        let isClosed = upper % CatalogPage.tileSize == 0 || tile + CatalogPage.tileSize <= (head?.count ?? 0)
        let request = CatalogRequest(
            publication: publication, generation: generation, from: isClosed ? tile : max(tile, gap.lower),
            to: isClosed ? tile + CatalogPage.tileSize : nil)
        asked = request.from
        underWay.append(Underway(request: request, upper: upper, page: nil))
        return request
    }

    /// Takes in a page; `nil` if it does not verify.
    mutating func take(_ page: CatalogPage, for request: CatalogRequest) -> [Step]? {
        guard let index = underWay.firstIndex(where: { $0.request == request }) else { return [] }
        guard page.from == request.from, page.generation == request.generation, page.publication == publication,
            page.range != nil
        else { return nil }
        underWay[index].page = page
        var steps: [Step] = []
        while let first = underWay.first, let page = first.page {
            guard let step = verified(page, upper: first.upper) else { return nil }
            underWay.removeFirst()
            steps.append(step)
            // What was held below belongs to another history: the rest of the gap is asked for anew.
            if step.resets { forgetRequests() }
        }
        if underWay.isEmpty { asked = nil }
        return steps
    }

    private mutating func verified(_ page: CatalogPage, upper: UInt64) -> Step? {
        guard let gap, upper == gap.upper, page.to >= upper, page.from < upper else { return nil }
        guard page.hashes[Int(upper - page.from)] == gap.hash else { return nil }
        var (page, resets) = (page, mustReset)
        if page.from <= gap.lower, let known = boundaryHash(gap.lower) {
            if page.hashes[Int(gap.lower - page.from)] == known {
                page = page.dropping(below: gap.lower)
            } else {
                resets = true
            }
        }
        guard let range = page.range else { return nil }
        mustReset = false
        ranges = (resets ? [] : ranges).inserting(range)
        return Step(page: page, resets: resets)
    }

    private func boundaryHash(_ index: UInt64) -> Digest128? {
        ranges.last { $0.to == index }?.toHash
    }

    private mutating func forgetRanges() {
        mustReset = mustReset || !ranges.isEmpty
        ranges = []
        forgetRequests()
    }

    mutating func forgetRequests() {
        underWay = []
        asked = nil
    }
}
