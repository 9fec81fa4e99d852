import Glibc

/// A terminal whose whole screen is ours: raw mode, the alternate screen, and the way back.
///
/// The way back is gone on every way out: ``leave()``, or, by ``TerminalRestoration``, a signal that ends the process or a
/// crash.
public final class ScreenTerminal: Sendable {
    /// Why there is no full screen.
    public struct Failure: Error, Sendable, Hashable {
        /// In a sentence without a full stop.
        public var message: String
    }

    /// What happens at the terminal.
    public enum Event: Sendable, Hashable {
        case key(Key)
        /// The terminal said something of itself.
        case answered(TerminalAnswer)
        /// It may have another size.
        case resized
        /// The process was stopped and goes on; the screen shows something else.
        case resumed
        /// Something else asks for attention: ``Waker/wake()``.
        case woken
        /// Nothing happened for as long as was waited.
        case quiet
        /// The terminal is gone.
        case closed
        /// A signal ends the process: the screen was given back, and there is a second left for what is to be kept.
        case ended
    }

    private let signals: TerminalSignals
    private let saved: termios

    /// Alternate screen, no cursor, no wrapping at the margin, pastes in brackets.
    private static let entering = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[?2004h\u{1B}[H\u{1B}[2J"
    /// The opposite, from whatever state. CAN ends a sequence that was cut off in the middle.
    static let leaving = "\u{18}\u{1B}[?2026l\u{1B}[0m\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// Checks that there is a terminal, and takes its screen.
    ///
    /// - Throws: ``Failure`` if input or output is no terminal, or it cannot place its cursor (`TERM=dumb`).
    public init(environment: (String) -> String?) throws(Failure) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw Failure(message: "input and output are no terminal")
        }
        let name = environment("TERM") ?? ""
        guard !name.isEmpty, name != "dumb", name != "unknown" else {
            throw Failure(message: "this terminal (TERM=\(name)) cannot be drawn on")
        }
        var mode = termios()
        guard tcgetattr(STDIN_FILENO, &mode) == 0 else {
            throw Failure(message: "the terminal does not tell its mode: \(String(cString: strerror(errno)))")
        }
        saved = mode
        guard let signals = TerminalSignals(restoring: mode, by: Self.leaving) else {
            throw Failure(message: "no signals can be watched: \(String(cString: strerror(errno)))")
        }
        self.signals = signals
        enter()
    }

    /// Takes the screen, again after ``leave()``.
    public func enter() {
        signals.isScreenOurs = true
        var raw = saved
        cfmakeraw(&raw)
        raw.c_cc.5 = 0  // VTIME
        raw.c_cc.6 = 1  // VMIN
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        write(Self.entering)
    }

    /// Gives the screen back as it was.
    public func leave() {
        guard signals.isScreenOurs else { return }
        write(Self.leaving)
        var mode = saved
        tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
        signals.isScreenOurs = false
    }

    /// Stops the process as Ctrl-Z does, with the screen given back, until the person brings it to the foreground.
    public func suspend() {
        leave()
        signals.stop()
        enter()
    }

    /// Runs another program's work on the terminal, with the screen given back.
    public func lend<Result, Failure: Error>(to work: () throws(Failure) -> Result) throws(Failure) -> Result {
        leave()
        signals.lend()
        defer {
            signals.takeBack()
            enter()
        }
        return try work()
    }

    /// The screen's size in columns and rows; 80 by 24 where the terminal does not say.
    public var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// How many times as high as wide a cell is; 2 where the terminal does not say.
    public var cellAspect: Double {
        guard let size = sizeInPixels else { return 2 }
        return Double(size.ws_ypixel) / Double(size.ws_row) * Double(size.ws_col) / Double(size.ws_xpixel)
    }

    /// The pixels of a cell; `nil` where the terminal does not say so unasked.
    public var cellSize: PixelSize? {
        sizeInPixels.flatMap {
            PixelSize(cellOfWidth: Int($0.ws_xpixel / $0.ws_col), height: Int($0.ws_ypixel / $0.ws_row))
        }
    }

    private var sizeInPixels: winsize? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_xpixel > 0, size.ws_ypixel > 0,
            size.ws_col > 0, size.ws_row > 0
        else { return nil }
        return size
    }

    /// Writes a frame, as it is; nothing once the screen was given back.
    public func show(_ text: String) { signals.writing { write(text) } }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let written = Glibc.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if written < 0, errno != EINTR, errno != EAGAIN {
                    return
                }
            }
        }
    }

    /// What makes ``events(_:within:)`` return at once; for other threads.
    public var waker: Waker { Waker(signals) }

    /// Waits for something to happen.
    ///
    /// - Parameters:
    ///   - milliseconds: at most so long; a sequence that was begun has its own time.
    /// - Returns: one event or more, in order.
    public func events(_ decoder: inout KeyDecoder, within milliseconds: Int32) -> [Event] {
        var watched = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&watched, 2, decoder.timeout ?? milliseconds)
        guard count > 0 else {
            let keys = count == 0 && decoder.isWaiting ? decoder.expire() : []
            return keys.isEmpty ? [.quiet] : keys.map { .key($0) }
        }
        var events: [Event] = watched[1].revents != 0 ? signals.drain() : []
        if watched[0].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(STDIN_FILENO, &bytes, bytes.count)
            if count > 0 {
                events += decoder.feed(bytes[..<count]).map { key in
                    if case .answer(let answer) = key { .answered(answer) } else { .key(key) }
                }
            } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                events.append(.closed)
            }
        }
        return events
    }

    deinit { leave() }
}

/// Makes the one who waits at a terminal look up.
public struct Waker: Sendable {
    private let signals: TerminalSignals

    init(_ signals: TerminalSignals) { self.signals = signals }

    /// Ends the wait.
    public func wake() { signals.notify(0) }
}
