import Glibc

/// Where a person's files go (XDG Base Directory Specification 0.8).
public struct UserFiles: Sendable, Hashable {
    /// Data that the program makes, `$XDG_DATA_HOME/reader-sync`.
    public let data: String
    /// Configuration that the person makes, `$XDG_CONFIG_HOME/reader-sync`.
    public let configuration: String

    /// Finds the folders.
    ///
    /// - Parameter environment: looks up a variable; relative paths in the XDG variables are ignored, as the
    ///   specification asks.
    public init(environment: (String) -> String?) {
        let home = environment("HOME").flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        func folder(_ name: String, _ fallback: String) -> String {
            let base = environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/" + fallback
            return base + "/reader-sync"
        }
        data = folder("XDG_DATA_HOME", ".local/share")
        configuration = folder("XDG_CONFIG_HOME", ".config")
    }

    /// Makes a folder and those above it, for this user alone.
    ///
    /// - Returns: `nil`, or why it could not be made.
    public static func makeFolder(_ path: String) -> String? {
        var built = ""
        for part in path.split(separator: "/") {
            built += "/" + part
            if mkdir(built, 0o700) != 0, errno != EEXIST {
                return "\(built): \(String(cString: strerror(errno)))"
            }
        }
        return nil
    }
}
