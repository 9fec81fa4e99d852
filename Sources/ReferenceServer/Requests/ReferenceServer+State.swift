import SyncCore
import SyncProtocol
import SyncSession

extension ReferenceServer {
    /// `GET /v1/state/snapshot?after=`. Pages are read one by one while others write: whatever changed since the
    /// first page stands in the log beyond its cursor, and a version that was sent already is not applied twice.
    func snapshot(_ request: ServerRequest) async throws -> ServerResponse {
        let after = request.parameter("after")
        let response = try await store.read { view in
            let device = try view.authorize(request)
            let log = try view.log(of: device.reader)
            var place: SnapshotPlace?
            if let after {
                guard let parsed = SnapshotPlace(after) else {
                    throw Problem(.malformed, "after: not what the page before gave as next")
                }
                try checkCursor(parsed.cursor, in: log)
                place = parsed
            }
            let cursor = try place?.cursor ?? log.head().cursor
            let page = try log.registers(
                after: place?.position, limit: Limits.snapshotVersions, bytes: Limits.pageBytes)
            let names = try ArticleNames(of: page.versions.map(\.entry.change), in: view.catalog)
            let next = page.isLast ? nil : page.last.map { SnapshotPlace(cursor: cursor, position: $0).text }
            return SnapshotResponse(
                cursor: cursor, versions: page.versions.map { wire($0, names) }, articles: names.wire,
                next: next)
        }
        return try ServerResponse.json(response)
    }

    private func wire(_ version: StoredVersion, _ names: ArticleNames) -> WireVersion {
        WireVersion(
            sequence: version.entry.sequence, received: version.entry.received,
            author: version.entry.change.id.replica,
            change: WireChange(version.entry.change, reference: names.reference), noteBase: version.noteBase)
    }

    /// `POST /v1/state/common`: the newest of some cursors that is part of the log.
    func common(_ request: ServerRequest) async throws -> ServerResponse {
        let response = try await store.read { view in
            let device = try view.authorize(request)
            let cursors = try WireCodec.decode(CommonRequest.self, from: request.body).cursors
            try ReadPush.check("cursors", cursors.count, Limits.commonCursors)
            let log = try view.log(of: device.reader)
            let head = try log.head()
            let good = try cursors.filter { cursor in
                cursor.epoch == head.epoch && cursor.sequence > 0 && cursor.sequence <= head.sequence
                    ? try log.prefix(at: cursor.sequence) == cursor.prefix : false
            }
            let newest = good.max { $0.sequence < $1.sequence }
            return CommonResponse(
                cursor: newest ?? StateCursor(epoch: head.epoch, sequence: 0, prefix: .zero))
        }
        return try ServerResponse.json(response)
    }

    /// `POST /v1/state/restore`: takes back entries that a backup did not have.
    func restore(_ request: ServerRequest) async throws -> ServerResponse {
        let response = try await store.write { transaction in
            let device = try transaction.authorize(request)
            let offer = try WireCodec.decode(RestoreRequest.self, from: request.body)
            try ReadPush.check("entries", offer.entries.count, Limits.restoreEntries)
            let log = try transaction.lockedLog(of: device.reader)
            let head = try log.head()
            if offer.common.sequence > 0 {
                guard offer.common.epoch == head.epoch, offer.common.sequence <= head.sequence,
                    try log.prefix(at: offer.common.sequence) == offer.common.prefix
                else { throw Self.mismatch }
            }
            if let placed = offer.placed {
                guard placed.epoch == head.epoch, placed.sequence <= head.sequence,
                    try log.prefix(at: placed.sequence) == placed.prefix
                else { throw Self.mismatch }
            }
            return try RestoreIntake(log: log, catalog: transaction.catalog, head: head).take(offer)
        }
        return try ServerResponse.json(response)
    }
}
