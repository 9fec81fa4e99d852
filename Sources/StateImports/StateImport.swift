/// Reads what other readers wrote. Every file is hostile: what it may cost is bounded before it is looked at.
public enum StateImport {
    /// Most articles of a file.
    public static let maximumEntries = 1_000_000
    /// Most bytes of a text, and of an archive, that is read into memory; databases are not.
    public static let maximumBytes = 64 << 20
    /// Most bytes of all texts of an archive together.
    static let maximumUnpackedBytes = 256 << 20

    /// Whether a file that begins so is a database, to be read by ``read(database:as:)``.
    public static func isDatabase(_ start: some Collection<UInt8>) -> Bool {
        start.starts(with: Array("SQLite format 3\u{0}".utf8))
    }

    /// Reads an archive or a text.
    ///
    /// - Parameter source: whose it must be; `nil` to find out.
    public static func read(_ bytes: [UInt8], as source: ImportSource? = nil) throws(ImportError) -> ImportedState {
        let state: ImportedState
        if let archive = try GoogleReaderFile.archive(bytes) {
            state = archive
        } else {
            state = try JSONFile.read(bytes)
        }
        guard source == nil || source == state.source else {
            throw ImportError(.otherFormat, "it is a file of \(state.source.rawValue)")
        }
        return state
    }

    /// Reads a database, which is opened for reading only.
    ///
    /// - Parameter source: whose it must be; `nil` to find out.
    public static func read(database path: String, as source: ImportSource? = nil) throws(ImportError) -> ImportedState
    {
        let state = try DatabaseFile.read(path)
        guard source == nil || source == state.source else {
            throw ImportError(.otherFormat, "it is a file of \(state.source.rawValue)")
        }
        return state
    }
}
