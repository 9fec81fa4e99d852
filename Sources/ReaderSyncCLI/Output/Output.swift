import Glibc
import SyncCore
import Synchronization
import TerminalText
import SystemPorts

/// The only place that writes to standard output and standard error. Output is data, error is talk.
final class Output: Sendable {
    /// What stands behind the streams.
    let terminal: Terminal
    /// Whether the person asked for JSON.
    let isJSON: Bool
    /// Whether remarks are left out.
    let isQuiet: Bool
    /// Whether the person asked to hear of each request.
    let isVerbose: Bool
    /// What is printed of each row in place of lines.
    let template: RowTemplate?
    private let buffer = Mutex<[UInt8]>([])
    /// Why the template fits no row.
    private let misfit = Mutex<CommandFailure?>(nil)
    /// The error that ended standard output; what is printed after it is thrown away.
    private let broken = Mutex<Int32?>(nil)

    private static let flushAt = 1 << 16

    init(
        terminal: Terminal, isJSON: Bool, isQuiet: Bool, isVerbose: Bool = false, template: RowTemplate? = nil
    ) {
        self.terminal = terminal
        self.isJSON = isJSON
        self.isQuiet = isQuiet
        self.isVerbose = isVerbose
        self.template = template
        // A reader that has seen enough (`| head`) is no failure: what it no longer wants is thrown away.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Whether a program reads the result: it wants a document or rows, and no prose.
    var isForPrograms: Bool { isJSON || template != nil }

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

    /// Prints a document, its rows in the form that was asked for, or lines.
    func result(_ value: @autoclosure () -> JSONValue, lines text: @autoclosure () -> [StyledText]) {
        if isJSON {
            json(value())
        } else if let template {
            rows(value(), template)
        } else {
            lines(text())
        }
    }

    /// Prints all rows, or none if one does not fit the template.
    private func rows(_ value: JSONValue, _ template: RowTemplate) {
        do throws(CommandFailure) {
            var text = ""
            for row in RowTemplate.rows(value) { text += try template.text(row) }
            append(text)
        } catch { misfit.withLock { $0 = error } }
    }

    /// To be called at the end of a command: hands over what was printed.
    ///
    /// - Throws: ``CommandFailure`` if what was printed did not fit `--format`, or could not be written whole. That its
    ///   reader has gone is no failure.
    func finish() throws(CommandFailure) {
        flush()
        if let failure = misfit.withLock({ $0 }) { throw failure }
        if let number = broken.withLock({ $0 }), number != EPIPE {
            throw .write(to: "standard output", number)
        }
    }

    /// Prints text that has its own form: help, completion scripts, exports. It has no rows.
    func verbatim(_ text: String) {
        guard template == nil else {
            misfit.withLock { $0 = .usage("this output has no rows for --format", remedy: "leave --format out") }
            return
        }
        append(SafeText.lines(text).joined(separator: "\n") + (text.hasSuffix("\n") ? "" : "\n"))
    }

    /// Prints what a shell asked for, to offer it: names that were made harmless one by one, with tabs and line ends between.
    func offers(_ text: String) { append(text + "\n") }

    /// Says something to the person that is no part of the result. Silent with `--quiet` and `--json`, and where there is
    /// no result, because it does not fit `--format`.
    func remark(_ text: StyledText) {
        if !isQuiet && !isJSON && misfit.withLock({ $0 == nil }) { say(text) }
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

    /// Says what was asked of the network, as a line, or with `--json` as a document on a line.
    func trace(_ request: RequestTrace) {
        guard isJSON else { return say(request.line) }
        flush()
        Self.write(Array((JSONText.text(request.json) + "\n").utf8), to: STDERR_FILENO)
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
        broken.withLock { broken in
            if broken == nil { broken = Descriptor.write(bytes, to: STDOUT_FILENO) }
        }
    }

    private func append(_ text: String) {
        let isFull = buffer.withLock { buffer in
            buffer += text.utf8
            return buffer.count >= Self.flushAt
        }
        if isFull { flush() }
    }

    /// Talk that cannot be heard is lost.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) { _ = Descriptor.write(bytes, to: descriptor) }
}

extension Output {
    /// The output that options and settings ask for.
    ///
    /// - Throws: ``CommandFailure`` if `--format` makes no sense.
    convenience init(_ options: SharedOptions, settings: Settings? = nil) throws(CommandFailure) {
        var template: RowTemplate?
        if let format = options.format { template = try RowTemplate(format) }
        self.init(
            terminal: Terminal(
                environment: Context.environment, option: options.color, configured: settings?.colour),
            isJSON: options.json, isQuiet: options.quiet, isVerbose: options.verbose, template: template)
    }
}
