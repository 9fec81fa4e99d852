import SystemPorts

/// What the configuration file says, for the commands that ask. Options and the environment go before it: whoever asks
/// has asked those first.
struct Settings: Sendable, Hashable {
    /// The file.
    let path: String
    private let file: ConfigFile?

    /// Reads the file, if there is one.
    ///
    /// - Parameter toleratesBadLines: whether lines that make no sense are passed over.
    /// - Throws: ``CommandFailure`` if there are such lines: half a configuration is none. A key that is not known does
    ///   not count: it may be a newer version's.
    init(_ files: UserFiles, toleratesBadLines: Bool = false) throws {
        path = Self.path(files)
        file = try Self.read(path)
        if !toleratesBadLines, let problem = problems.first(where: { !$0.isUnknownKey }) { throw problem.failure }
    }

    /// The lines of the file that were passed over.
    var problems: [ConfigFile.Problem] { file?.problems ?? [] }

    /// Where the file is.
    static func path(_ files: UserFiles) -> String { files.configuration + "/config" }

    /// The file at `path`, if there is one.
    static func read(_ path: String) throws -> ConfigFile? {
        guard let text = try FileText.read(path, limit: ConfigFile.maximumBytes, ifMissing: nil) else { return nil }
        return ConfigFile(text, path: path)
    }

    /// What a key is set to in the file.
    func text(_ key: ConfigKey) -> String? { file?.entries[key]?.value.text }

    /// The replica's file, if it is named.
    func replica(home: String?) -> String? {
        text(.replica).map { text in
            guard text.hasPrefix("~/"), let home, !home.isEmpty else { return text }
            return home + text.dropFirst()
        }
    }

    /// Most items of a list.
    var listLimit: Int? { text(.listLimit).flatMap { Int($0) } }

    /// When colours are used.
    var colour: ColourChoice? { text(.color).flatMap { ColourChoice(rawValue: $0) } }
}
