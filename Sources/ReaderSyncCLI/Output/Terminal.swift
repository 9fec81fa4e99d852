import Glibc

/// What stands behind standard output and error.
struct Terminal: Sendable, Hashable {
    /// Columns of the terminal that standard output goes to; `nil` if it goes elsewhere.
    var width: Int?
    /// Whether standard output takes colours.
    var outputColour: Bool
    /// Whether standard error takes colours.
    var errorColour: Bool
    /// Whether standard error is a terminal.
    var errorIsTerminal: Bool
    /// Whether standard input is a terminal, so that questions can be asked.
    var inputIsTerminal: Bool

    /// Asks the system.
    ///
    /// - Parameters:
    ///   - option: what the command line says of colours; goes before the environment.
    ///   - configured: what the configuration file says; the environment goes before it.
    init(environment: (String) -> String?, option: ColourChoice? = nil, configured: ColourChoice? = nil) {
        let isForbidden = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        let choice = option ?? (isForbidden ? .never : configured ?? .auto)
        let isDumb = environment("TERM") == "dumb"
        let outputIsTerminal = isatty(STDOUT_FILENO) == 1
        errorIsTerminal = isatty(STDERR_FILENO) == 1
        inputIsTerminal = isatty(STDIN_FILENO) == 1
        outputColour = choice == .always || choice == .auto && outputIsTerminal && !isDumb
        errorColour = choice == .always || choice == .auto && errorIsTerminal && !isDumb
        width = outputIsTerminal ? Self.columns() : nil
    }

    /// Columns for running text; elsewhere than on a terminal no line is broken.
    var textWidth: Int { width.map { min($0, 80) } ?? .max }

    private static func columns() -> Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
