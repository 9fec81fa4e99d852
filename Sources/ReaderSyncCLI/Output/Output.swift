import Glibc
import SyncCore
import Synchronization
import TerminalText

/// The only place that writes to standard output and standard error. Output is data, error is talk.
final class Output: Sendable {
    /// What stands behind the streams.
    let terminal: Terminal
    /// Whether the person asked for JSON.
    let isJSON: Bool
    /// Whether remarks are left out.
    let isQuiet: Bool
    private let buffer = Mutex<[UInt8]>([])

    private static let flushAt = 1 << 16

    init(terminal: Terminal, isJSON: Bool, isQuiet: Bool) {
        self.terminal = terminal
        self.isJSON = isJSON
        self.isQuiet = isQuiet
        // A reader that has seen enough (`| head`) is no failure: what it no longer wants is thrown away.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Prints a line of a result.
    func line(_ text: StyledText = "") {
        append(text.rendered(colour: terminal.outputColour) + "\n")
    }

    /// Prints lines of a result.
    func lines(_ texts: [StyledText]) {
        for text in texts { line(text) }
    }

    /// Prints a document.
    func json(_ value: JSONValue) {
        append(JSONText.text(value) + "\n")
    }

    /// Prints a document, or lines.
    func result(_ value: @autoclosure () -> JSONValue, lines text: @autoclosure () -> [StyledText]) {
        if isJSON { json(value()) } else { lines(text()) }
    }

    /// Prints text that this program wrote itself and that has its own form: help, completion scripts.
    func verbatim(_ text: String) {
        append(SafeText.lines(text).joined(separator: "\n") + (text.hasSuffix("\n") ? "" : "\n"))
    }

    /// Says something to the person that is no part of the result. Silent with `--quiet` and `--json`.
    func remark(_ text: StyledText) {
        if !isQuiet && !isJSON { say(text) }
    }

    /// Warns of something; silent only with `--json`.
    func warn(_ text: String) {
        if !isJSON { say(StyledText("warning: ", .warning) + StyledText(text)) }
    }

    /// Says something on standard error, whatever was asked.
    func say(_ text: StyledText) {
        flush()
        Self.write(Array((text.rendered(colour: terminal.errorColour) + "\n").utf8), to: STDERR_FILENO)
    }

    /// Shows a line on the terminal that the next one replaces; an empty one clears it.
    func transient(_ text: String) {
        let line = TextWidth.truncated(SafeText.line(text), to: (terminal.width ?? 80) - 1)
        Self.write(Array(("\r" + line + "\u{1B}[K").utf8), to: STDERR_FILENO)
    }

    /// Asks for input on the same line.
    func prompt(_ text: StyledText) {
        flush()
        Self.write(Array(text.rendered(colour: terminal.errorColour).utf8), to: STDERR_FILENO)
    }

    /// Says why a command failed.
    func failure(_ failure: CommandFailure) {
        guard !isJSON else {
            flush()
            var members: [String: JSONValue] = [
                "code": .string(failure.code), "message": .string(failure.message),
                "remedy": .optional(failure.remedy),
            ]
            if !failure.candidates.isEmpty {
                members["candidates"] = .array(failure.candidates.map { .string($0) })
            }
            Self.write(
                Array((JSONText.text(.object(["error": .object(members)])) + "\n").utf8), to: STDERR_FILENO)
            return
        }
        if failure.status == .interrupted {
            say(StyledText([failure.message, failure.remedy].compactMap { $0 }.joined(separator: "; ")))
            return
        }
        say(StyledText("reader-sync: ", .bad) + StyledText(failure.message))
        for candidate in failure.candidates { say(StyledText("  " + candidate)) }
        if let remedy = failure.remedy { say(StyledText("  → ", .dim) + StyledText(remedy)) }
    }

    /// Hands over what was printed so far.
    func flush() {
        let bytes = buffer.withLock { buffer in
            defer { buffer.removeAll(keepingCapacity: true) }
            return buffer
        }
        Self.write(bytes, to: STDOUT_FILENO)
    }

    private func append(_ text: String) {
        let isFull = buffer.withLock { buffer in
            buffer += text.utf8
            return buffer.count >= Self.flushAt
        }
        if isFull { flush() }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if written < 0, errno != EINTR {
                    return
                }
            }
        }
    }
}
