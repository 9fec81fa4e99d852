import FeedEngine
import FeedFormats
import FeedSession
import SyncCore

/// Asks addresses that a person named and that were never read: a feed, or a page that names one
/// (``FeedFetcher/find(_:)``). Hosts side by side, the addresses of one host one after the other, and none of a host any
/// more that wants to be left alone.
struct SourceSearch {
    let fetcher: FeedFetcher

    /// Most hosts asked at once.
    private static let hosts = 16

    /// An address, with the caller's name for it.
    struct Address: Sendable {
        var index: Int
        var url: String
    }

    /// Asks all of them; `receive` is called once for each, one call at a time, in the order of arrival. When the task is
    /// cancelled, the rest come as failed with code `cancelled`.
    func find(
        _ addresses: [Address], isolation: isolated (any Actor)? = #isolation,
        receive: (Int, FeedFetch) async -> Void
    ) async {
        let groups = Dictionary(grouping: addresses) { FeedNaming.host(of: $0.url) ?? "" }
        var waiting = groups.values.sorted { ($0.first?.index ?? 0) < ($1.first?.index ?? 0) }[...]
        await withTaskGroup(of: Step.self) { group in
            for _ in 0..<Self.hosts {
                guard let next = waiting.popFirst() else { break }
                group.addTask { [fetcher] in await Step(next[...], fetcher, nil) }
            }
            while let step = await group.next() {
                if let next = step.rest.isEmpty ? waiting.popFirst()?[...] : step.rest {
                    let pause = step.rest.isEmpty ? nil : step.pausedUntil
                    group.addTask { [fetcher] in await Step(next, fetcher, pause) }
                }
                await receive(step.index, step.fetch)
            }
        }
    }

    /// The first of some addresses of a host, asked.
    private struct Step: Sendable {
        var index: Int
        var fetch: FeedFetch
        var rest: ArraySlice<Address>
        var pausedUntil: WallTime?

        /// - Parameter addresses: at least one.
        init(_ addresses: ArraySlice<Address>, _ fetcher: FeedFetcher, _ pausedUntil: WallTime?) async {
            let address = addresses[addresses.startIndex]
            (index, rest, self.pausedUntil) = (address.index, addresses.dropFirst(), pausedUntil)
            if let pausedUntil, !Task.isCancelled {
                fetch = .postponed(until: pausedUntil)
                return
            }
            fetch = await fetcher.find(address.url)
            if case .failed(_, let record) = fetch { self.pausedUntil = record.pausedUntil }
        }
    }
}
