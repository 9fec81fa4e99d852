import SyncCore

/// Time and order of a simulated world: virtual milliseconds, and everything that is to happen, one after the other.
/// Two runs that schedule alike run alike, to the last step.
///
/// `@unchecked Sendable`: a loop belongs to the world that made it, and only the thread that runs this world calls it;
/// all tasks of the world run inside ``step()``, on the same thread, by ``SimulatedExecutor``.
final class SimulatedLoop: @unchecked Sendable {
    private struct Event {
        var time: Int64
        var order: UInt64
        var body: () -> Void
    }

    /// Runs the world's tasks.
    let executor = SimulatedExecutor()
    /// Milliseconds since the world began.
    private(set) var now: Int64 = 0
    /// Events that happened.
    private(set) var count = 0
    private var order: UInt64 = 0
    /// A binary heap, the earliest first.
    private var heap: [Event] = []

    /// Whether something is still to happen.
    var isIdle: Bool { heap.isEmpty && executor.isIdle }

    /// Schedules `body` for later. Of events of one instant the one scheduled first happens first.
    ///
    /// - Parameter delay: milliseconds from now.
    func after(_ delay: Int64, _ body: @escaping () -> Void) {
        order += 1
        heap.append(Event(time: now + max(0, delay), order: order, body: body))
        rise()
    }

    /// Runs what happens within `duration`, and lets the time pass.
    func run(for duration: Int64) {
        let end = now + duration
        executor.drain()
        while let first = heap.first, first.time <= end { step() }
        now = end
    }

    /// Runs until nothing is left to happen or `limit` events have passed.
    ///
    /// - Returns: whether it came to rest.
    func settle(limit: Int) -> Bool {
        executor.drain()
        for _ in 0..<limit {
            if heap.isEmpty { return true }
            step()
        }
        return heap.isEmpty
    }

    /// The next event, and all tasks that it woke.
    private func step() {
        let event = removeFirst()
        now = max(now, event.time)
        count += 1
        event.body()
        executor.drain()
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].time, heap[left].order) < (heap[right].time, heap[right].order)
    }

    private func rise() {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private func removeFirst() -> Event {
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
