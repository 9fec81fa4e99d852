import SyncCore

// The names under which World's checks ask the model. They can go when the checks use the model's own.
extension NaiveReader {
    typealias Outcome = NaiveOutcome

    /// What a field shows with nothing pending.
    func shown(_ key: RegisterKey) -> NaiveOutcome? { shown(key, pending: []) }
}

extension NaiveOutcome {
    /// One change that competes.
    struct Version {
        var id: ChangeID
    }

    var kind: Standing { standing }
    var versions: [Version] { competing.map { Version(id: $0) } }
}
