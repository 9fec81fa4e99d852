/// Runs tasks one after the other on the thread that drains it, in the order in which they became ready. With it the
/// engine's real `async` code, task groups and actors included, takes the same steps in every run of a seed.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``, which owns it; jobs are added and taken by one thread only.
final class SimulatedExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private var jobs: [UnownedJob] = []
    private var next = 0

    /// Whether no task is ready.
    var isIdle: Bool { next == jobs.count }

    func enqueue(_ job: consuming ExecutorJob) { jobs.append(UnownedJob(job)) }

    /// Runs tasks until none is ready.
    func drain() {
        while next < jobs.count {
            let job = jobs[next]
            next += 1
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
        jobs.removeAll(keepingCapacity: true)
        next = 0
    }
}
