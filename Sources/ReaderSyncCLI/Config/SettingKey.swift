/// What `config` can name: a key of the file, or something that the replica remembers.
enum SettingKey: Sendable, Hashable {
    case file(ConfigKey)
    case replica(ReplicaKey)

    /// All names, those of the file first.
    static let names = ConfigKey.allCases.map(\.rawValue) + ReplicaKey.allCases.map(\.rawValue)

    /// The key of a name.
    ///
    /// - Throws: ``CommandFailure`` with the names that come near.
    init(_ text: String) throws {
        if let key = ConfigKey(rawValue: text) {
            self = .file(key)
        } else if let key = ReplicaKey(rawValue: text) {
            self = .replica(key)
        } else {
            throw Self.unknown(text)
        }
    }

    /// That there is no key of a name, with the names that come near.
    static func unknown(_ text: String) -> CommandFailure {
        CommandFailure(
            .notFound, "notFound", "there is no key '\(text)'", remedy: "run 'reader-sync config list' to see them",
            candidates: Spelling.nearest(to: text, among: Self.names))
    }
}
