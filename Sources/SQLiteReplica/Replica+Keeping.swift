public import SyncPorts

/// What the reader chose to keep at hand, until they choose otherwise.
extension Replica {
    /// Most bytes of pictures unless ``setPictureBudget(_:)`` says otherwise: 1 GB.
    public static let defaultPictureBudget: Int64 = 1_000_000_000

    private static let unbounded = "none"

    /// Which articles' pictures are kept; none unless that was chosen.
    public var keptPictures: KeptArticles {
        get throws(ReplicaError) {
            try setting(RememberedChoice.images.rawValue).flatMap { KeptArticles(rawValue: $0) } ?? .none
        }
    }

    /// Sets ``keptPictures``.
    public func setKeptPictures(_ kept: KeptArticles) throws(ReplicaError) {
        try setSetting(RememberedChoice.images.rawValue, to: kept.rawValue)
    }

    /// Most bytes of pictures on disk, 0 and up; `nil`: no bound.
    public var pictureBudget: Int64? {
        get throws(ReplicaError) {
            guard let text = try setting(RememberedChoice.imageBudget.rawValue) else {
                return Self.defaultPictureBudget
            }
            return text == Self.unbounded ? nil : Int64(text).map { max(0, $0) } ?? Self.defaultPictureBudget
        }
    }

    /// Sets ``pictureBudget``.
    public func setPictureBudget(_ bytes: Int64?) throws(ReplicaError) {
        try setSetting(RememberedChoice.imageBudget.rawValue, to: bytes.map { String(max(0, $0)) } ?? Self.unbounded)
    }
}
