import Dispatch
import Logging
import ReferenceServer
import SystemPorts

/// The ingest of a server that answers at the same time.
struct BackgroundIngest {
    let schedule: IngestSchedule
    let logger: Logger

    /// Refreshes what is due until the task is cancelled, on a thread of its own: readers do not wait for a large
    /// document.
    func run() async {
        await withTaskExecutorPreference(IngestExecutor()) {
            await schedule.run(
                observer: { [logger] in Self.log($0, logger) },
                onFailure: { [logger] error in
                    logger.error(
                        "feeds could not be refreshed", metadata: ["error": "\(Output.printable("\(error)"))"])
                })
        }
    }

    private static func log(_ report: IngestReport, _ logger: Logger) {
        // A feed's address may hold its reader's key, so the feed is named in place of it.
        let feed = report.feed.map { "\(report.publication ?? "")/\($0)" } ?? "one that was not read yet"
        switch report.status {
        case .notModified, .postponed: break
        case .read:
            logger.info(
                "a feed was read",
                metadata: ["feed": "\(feed)", "added": "\(report.added)", "corrected": "\(report.corrected)"])
        case .failed where report.code != "cancelled":
            logger.warning(
                "a feed could not be read",
                metadata: [
                    "feed": "\(feed)", "code": "\(report.code ?? "catalog")", "error": "\(IngestOutput.reason(report))",
                ])
        case .failed: break
        }
    }
}

/// One thread for an ingest.
private final class IngestExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "reader-sync.ingest", qos: .utility)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
