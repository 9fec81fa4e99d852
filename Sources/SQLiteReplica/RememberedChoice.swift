/// What the reader once chose for a replica, and what holds until it is chosen anew. It stands in the table `setting`.
public enum RememberedChoice: String, Sendable, Hashable, CaseIterable {
    /// See ``Replica/keptBodies``.
    case bodies
    /// See ``Replica/keptPictures``.
    case images
    /// See ``Replica/pictureBudget``.
    case imageBudget
    /// See ``Replica/maximumAge``.
    case maximumAge
    /// See ``Replica/retention``.
    case retention
}

extension Replica {
    /// Whether it was chosen, and is not the default that holds.
    public func isChosen(_ choice: RememberedChoice) throws(ReplicaError) -> Bool {
        try setting(choice.rawValue) != nil
    }

    /// Has the default hold again.
    ///
    /// - Returns: whether it was chosen.
    public func forget(_ choice: RememberedChoice) throws(ReplicaError) -> Bool {
        guard try isChosen(choice) else { return false }
        try setSetting(choice.rawValue, to: nil)
        return true
    }
}
