import SQLiteReplica
import SystemPorts

/// What the commands on settings work with: the file, the replica, the output. The replica is opened only for its own keys.
struct ConfigEditing {
    let output: Output
    /// Where the file is.
    let path: String
    private let shared: SharedOptions

    init(_ shared: SharedOptions, _ output: Output) {
        self.shared = shared
        self.output = output
        path = Settings.path(UserFiles(environment: Context.environment))
    }

    /// Whether there is a file.
    var exists: Bool { FileText.exists(path) }

    /// The file, if there is one.
    func read() throws -> ConfigFile? { try Settings.read(path) }

    /// What holds for a key.
    func row(_ key: SettingKey) throws -> ConfigRow {
        switch key {
        case .file(let key): ConfigRow(key, in: try read())
        case .replica(let key): try ConfigRow(key, in: try replica())
        }
    }

    /// What holds for the replica's keys. A replica that cannot be read keeps nobody from seeing the file's.
    func replicaRows() -> [ConfigRow] {
        do {
            let replica = try replica()
            return try ReplicaKey.allCases.map { try ConfigRow($0, in: replica) }
        } catch {
            output.warn("what the replica remembers cannot be read: \(CommandFailure(error).message)")
            return []
        }
    }

    /// Sets a key.
    ///
    /// - Returns: the value as it was written.
    func set(_ key: SettingKey, to text: String) throws -> String {
        switch key {
        case .file(let key):
            let value = try key.value(text)
            var file = try read() ?? ConfigFile("", path: path)
            file.set(key, to: value)
            try write(file)
            return value.text
        case .replica(let key):
            let replica = try Context(shared).open(.writing)
            try key.set(text, in: replica)
            return try ConfigRow(key, in: replica).value
        }
    }

    /// Has the default of a key hold again.
    ///
    /// - Returns: whether it was set.
    func unset(_ key: SettingKey) throws -> Bool {
        switch key {
        case .file(let key):
            guard var file = try read(), file.unset(key.rawValue) else { return false }
            try write(file)
            return true
        case .replica(let key): return try key.unset(in: try Context(shared).open(.writing))
        }
    }

    /// The replica; `nil` if there is none yet.
    private func replica() throws -> Replica? {
        do { return try Context(shared).open(.reading) } catch let failure as CommandFailure {
            guard failure.code == ReplicaError.Code.noReplica.rawValue else { throw failure }
            return nil
        }
    }

    func write(_ file: ConfigFile) throws {
        let folder = path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        if let reason = UserFiles.makeFolder(folder) { throw CommandFailure.system(reason) }
        try FileText.write(file.text, to: path)
    }
}
