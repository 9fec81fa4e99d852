import Dispatch
import Synchronization
import TerminalScreen

/// Sixels of pictures, made beside the screen and kept for the sitting, within a bound. The screen is woken when one is made
/// or cannot be.
final class PictureConversion: Sendable {
    private struct State {
        /// The latest used last.
        var made: [(request: SixelConverter.Request, picture: SixelPicture)] = []
        var failed: Set<String> = []
        /// What is wanted next; the latest counts.
        var wanted: SixelConverter.Request?
        /// What is being made.
        var current: SixelConverter.Request?
        var isRunning = false
        var hasNewFailure = false
    }

    /// Most bytes that are kept.
    private static let room = 16 << 20

    private let state = Mutex(State())
    private let converter: SixelConverter
    private let waker: Waker

    init(_ converter: SixelConverter, waker: Waker) { (self.converter, self.waker) = (converter, waker) }

    /// Nothing is wanted any more.
    func stop() {
        state.withLock { $0.wanted = nil }
        converter.stop()
    }

    /// Whether a file turned out to be nothing that can be shown.
    func hasFailed(_ path: String) -> Bool { state.withLock { $0.failed.contains(path) } }

    /// Whether that was found out of any file since the last time.
    func takeFailure() -> Bool {
        state.withLock { state in
            defer { state.hasNewFailure = false }
            return state.hasNewFailure
        }
    }

    /// Whether one is being made, or waits for that.
    func isUnderWay(_ request: SixelConverter.Request) -> Bool {
        state.withLock { $0.wanted == request || $0.current == request }
    }

    /// A picture that is made; `nil` if it is not yet, which is then seen to, or cannot be.
    func picture(_ request: SixelConverter.Request) -> SixelPicture? {
        let (picture, starts): (SixelPicture?, Bool) = state.withLock { state in
            if let at = state.made.firstIndex(where: { $0.request == request }) {
                state.made.append(state.made.remove(at: at))
                return (state.made.last?.picture, false)
            }
            guard !state.failed.contains(request.path), state.current != request else { return (nil, false) }
            state.wanted = request
            defer { state.isRunning = true }
            return (nil, !state.isRunning)
        }
        if starts { DispatchQueue.global(qos: .userInitiated).async { self.work() } }
        return picture
    }

    private func work() {
        while let request = next() {
            keep(converter.picture(request), request)
            waker.wake()
        }
    }

    private func next() -> SixelConverter.Request? {
        state.withLock { state in
            (state.current, state.wanted) = (state.wanted, nil)
            state.isRunning = state.current != nil
            return state.current
        }
    }

    private func keep(_ picture: SixelPicture?, _ request: SixelConverter.Request) {
        state.withLock { state in
            state.current = nil
            guard let picture else {
                state.failed.insert(request.path)
                state.hasNewFailure = true
                return
            }
            state.made.append((request, picture))
            var bytes = state.made.reduce(0) { $0 + $1.picture.text.utf8.count }
            while bytes > Self.room, state.made.count > 1 { bytes -= state.made.removeFirst().picture.text.utf8.count }
        }
    }
}
