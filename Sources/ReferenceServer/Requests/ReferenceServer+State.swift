import SyncCore
import SyncProtocol
import SyncSession

extension ReferenceServer {
    /// `GET /v1/state/snapshot?after=`. Pages are read one by one while others write, yet all are of the state at the
    /// first one's cursor: what a later page would show beyond it, a backup could take away unnoticed, since the cursor
    /// that the replica has then goes on to be good.
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
                at: cursor.sequence, after: place?.position, limit: pages.versions, bytes: Limits.pageBytes)
            guard let page else { throw Self.expired }
            // The catalog may change between pages: each says itself what the numbers on it mean.
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
            let good = try cursors.filter { try $0.sequence > 0 && Self.isPart($0, of: log, head) }
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
            let common = offer.common.sequence > 0 ? offer.common : nil
            for cursor in [common, offer.placed].compactMap({ $0 }) {
                guard try Self.isPart(cursor, of: log, head) else { throw Self.mismatch }
            }
            return try RestoreIntake(log: log, catalog: transaction.catalog, head: head).take(offer)
        }
        return try ServerResponse.json(response)
    }
}
