import SyncCore
import SyncProtocol

/// A path into a publication's history: `/v1/publications/ID/GENERATION/tiles/N` or `.../tail`.
struct HistoryPath: Hashable {
    enum Piece: Hashable {
        case tile(UInt64)
        case tail
    }

    var publication: EntityName
    var generation: String
    var piece: Piece

    /// Which operation the path is of.
    var operation: Route.Operation {
        switch piece {
        case .tile: .tile
        case .tail: .tail
        }
    }

    init?(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0].isEmpty, parts[1] == "v1", parts[2] == "publications",
            let publication = EntityName(parts[3])
        else { return nil }
        self.publication = publication
        generation = String(parts[4])
        switch (parts[5], parts.count) {
        case ("tail", 6): piece = .tail
        case ("tiles", 7):
            guard let index = UInt64(parts[6]), index <= UInt64(Int64.max) / 256 else { return nil }
            piece = .tile(index)
        default: return nil
        }
    }
}
