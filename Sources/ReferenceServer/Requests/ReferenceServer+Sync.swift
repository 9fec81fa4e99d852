import SyncCore
import SyncPorts
import SyncProtocol
import SyncSession

extension ReferenceServer {
    /// Largest body that is read before the token is checked, in bytes: what a sync with nothing new may have.
    private static let unauthorizedBytes = 64 << 10

    /// `POST /v1/sync`. Without changes it only reads, beside other requests; with changes everything happens in
    /// one transaction under the reader's lock, so that sequences are gapless.
    func sync(_ request: ServerRequest) async throws -> ServerResponse {
        // Reading a large body is work, which only those are given who may ask for it.
        if request.body.count > Self.unauthorizedBytes { try await store.read { _ = try $0.authorize(request) } }
        let push: ReadPush
        do {
            push = try ReadPush(body: request.body)
        } catch let error as WireError {
            // Who has no good token is told so first, whatever the message.
            try await store.read { _ = try $0.authorize(request) }
            try ReadPush.checkVersion(of: request.body)
            throw error
        }
        let now = clock.now()
        if push.elements.isEmpty {
            let (device, response) = try await store.read { view in
                let device = try view.authorize(request)
                let log = try view.log(of: device.reader)
                let head = try checkCursor(push.request.cursor, in: log)
                let answer = SyncAnswer(view.catalog, log, push.request, limit: pages.entries)
                return (device, try answer.response(at: now, head: head))
            }
            if device.isDue(at: now) {
                try await store.write { transaction in
                    try transaction.touch(device, at: now)
                    try transaction.tie(push.request.replica, to: device)
                }
            }
            return try ServerResponse.json(response)
        }
        let response = try await store.write { transaction in
            let device = try transaction.authorize(request)
            let log = try transaction.lockedLog(of: device.reader)
            try checkCursor(push.request.cursor, in: log)
            try ClaimedHistory(catalog: transaction.catalog, claimed: push.request.catalog).check(push)
            var intake = PushIntake(log: log, catalog: transaction.catalog, now: now)
            let taken = try intake.take(push)
            if device.isDue(at: now) { try transaction.touch(device, at: now) }
            try transaction.tie(push.request.replica, to: device)
            return try SyncAnswer(transaction.catalog, log, push.request, limit: pages.entries).response(
                at: now, head: log.head(), refused: taken.refused, settled: taken.settled)
        }
        return try ServerResponse.json(response)
    }

    /// Checks that a cursor is part of the log, and that the log still reaches back to it.
    ///
    /// - Returns: how far the log goes.
    @discardableResult
    func checkCursor(_ cursor: StateCursor, in log: any ReaderLog) throws -> ReaderHead {
        let head = try log.head()
        guard cursor.sequence > 0 else {
            if head.floor > 0 { throw Self.expired }
            return head
        }
        // Below the floor too: who followed a log that a backup lost may hold what this one lacks.
        guard try Self.isPart(cursor, of: log, head) else { throw Self.mismatch }
        guard cursor.sequence >= head.floor else { throw Self.expired }
        return head
    }

    /// Whether a cursor beyond the origin belongs to a log, be it above the floor or below.
    static func isPart(_ cursor: StateCursor, of log: any ReaderLog, _ head: ReaderHead) throws -> Bool {
        guard cursor != head.cursor else { return true }
        guard cursor.epoch == head.epoch, cursor.sequence <= head.sequence else { return false }
        return try log.prefix(at: cursor.sequence) == cursor.prefix
    }

    static var mismatch: Problem {
        Problem(.prefixMismatch, "this log is not the one the cursor belongs to; it may have been restored")
    }

    static var expired: Problem {
        Problem(.cursorExpired, "the log no longer reaches back to the cursor; take a snapshot")
    }
}
