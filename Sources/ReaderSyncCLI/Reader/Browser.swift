import SyncCore

/// The person's own browser: `$BROWSER`, else `xdg-open`.
struct Browser {
    /// What the shell is asked to do with the address as `$1`.
    let script: String
    /// Whether it needs our terminal: it is a text browser, for all we know.
    let needsTerminal: Bool

    /// Finds the browser; `nil` if there is none.
    init?(environment: (String) -> String?) {
        let hasWindows = ["DISPLAY", "WAYLAND_DISPLAY"].contains { !(environment($0) ?? "").isEmpty }
        needsTerminal = !hasWindows
        // Several may be named, with colons between them, and `%s` may stand for the address.
        let own = (environment("BROWSER") ?? "").split(separator: ":").first.map(String.init) ?? ""
        if !own.isEmpty {
            let parts = Self.split(own)
            script = parts.count > 1 ? parts.joined(separator: "\"$1\"") : own + " \"$1\""
            return
        }
        guard SearchPath.find("xdg-open", environment: environment) != nil else { return nil }
        script = "xdg-open \"$1\""
    }

    /// The pieces of a command around `%s`.
    private static func split(_ command: String) -> [String] {
        var (pieces, rest) = ([String](), Substring(command))
        var piece = ""
        while let character = rest.popFirst() {
            if character == "%", rest.first == "s" {
                rest.removeFirst()
                pieces.append(piece)
                piece = ""
            } else {
                piece.append(character)
            }
        }
        return pieces + [piece]
    }

    /// Whether an address may go to a browser: one from a feed could name a file or a program.
    static func takes(_ address: String) -> Bool {
        let scheme = address.prefix { $0 != ":" }.lowercased()
        return ["http", "https", "mailto"].contains(scheme) && !address.unicodeScalars.contains { $0.isControl }
    }
}
