import FeedFormats
import FeedSession
import SyncCore
import Synchronization

/// What came of fetching one feed, with what is needed to keep it.
struct Arrival: Sendable {
    /// The position of the feed.
    var position: Int
    /// What came of it.
    var fetch: FeedFetch
    /// What was made of the feed, if it was read and the caller wanted a reading.
    var reading: FeedReading?
}

/// Steps that are done and not looked at yet. A task group gives one result at a time and cannot say whether another is
/// there; whoever takes from here gets all that came while it was busy.
final class Arrivals: Sendable {
    private let steps = Mutex<[FetchStep]>([])

    func add(_ step: FetchStep) { steps.withLock { $0.append(step) } }

    /// The steps in the order of arrival, at most so many. Where one is taken for each task that has ended, at the latest,
    /// none is left at the end: each task adds its step before it ends.
    func take(most: Int) -> [FetchStep] {
        steps.withLock { steps in
            let taken = Array(steps.prefix(most))
            steps.removeFirst(taken.count)
            return taken
        }
    }
}
