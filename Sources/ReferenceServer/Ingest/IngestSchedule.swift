public import SyncPorts

/// Refreshes sources as their time comes, beside a server that answers.
public struct IngestSchedule: Sendable {
    private let ingest: FeedIngest
    private let sleeper: any Sleeper

    /// How often the store is asked what is due: other processes add sources, too.
    static let look = Duration.seconds(2)
    /// How long nothing is asked for after something could not be kept, since what is not kept stays due.
    static let pause = Duration.seconds(60)

    /// Makes a schedule.
    public init(ingest: FeedIngest, sleeper: any Sleeper) {
        self.ingest = ingest
        self.sleeper = sleeper
    }

    /// Runs until the task is cancelled, and ends within a second then.
    ///
    /// - Parameters:
    ///   - observer: told of each source when it is done.
    ///   - onFailure: told when the store fails; it is tried again later.
    public func run(
        observer: @escaping FeedIngest.Observer, onFailure: @escaping @Sendable (ServerError) -> Void
    ) async {
        while !Task.isCancelled {
            var wait = Self.look
            do {
                let reports = try await ingest.refresh(.due, observer: observer)
                if reports.contains(where: \.isLost) { wait = Self.pause }
            } catch {
                if Task.isCancelled { return }
                onFailure(error)
                wait = Self.pause
            }
            // Feeds are due at times of their own, and another process may have added one: so it is looked again.
            do { try await sleeper.sleep(for: wait) } catch { return }
        }
    }
}

extension IngestReport {
    /// Whether nothing could be kept of it, not even that it was tried.
    fileprivate var isLost: Bool { status == .failed && (code == nil || code == "cancelled") }
}
