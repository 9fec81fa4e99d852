import CCurlShim
import Glibc
import SyncPorts
import Synchronization

typealias HopResult = Result<HopAnswer, TransportError>

/// A hop on its way to the loop's thread, with the call that waits for it.
struct Ticket: Sendable {
    let id: UInt64
    let hop: Hop
    let continuation: CheckedContinuation<HopResult, Never>
}

/// What the loop's thread has to do next.
struct Orders {
    var submitted: [Ticket] = []
    var cancelled: [UInt64] = []
    var isStopping = false

    var isEmpty: Bool { submitted.isEmpty && cancelled.isEmpty && !isStopping }
}

/// The door to the thread that owns the multi handle: takes orders from any thread and wakes it.
final class TransferLoop: Sendable {
    /// The multi handle as other threads see it.
    ///
    /// `@unchecked Sendable`: the pointer never changes, and all that is done with it is `curl_multi_wakeup`, which libcurl
    /// allows on any thread at any time; the lock around it keeps that from coming after the clean-up.
    private struct Bell: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
    }

    private struct State {
        var orders = Orders()
        var nextID: UInt64 = 0
        /// `nil` once the thread has ended.
        var bell: Bell?
        var thread: pthread_t?
    }

    private let state: Mutex<State>

    private init(_ bell: Bell) {
        state = Mutex(State(bell: bell))
    }

    /// Makes the multi handle and starts its thread. libcurl must be loaded.
    static func start(_ configuration: CurlTransport.Configuration) throws(TransportError) -> TransferLoop {
        guard let multi = ccurl_multi_init() else {
            throw TransportError(.unavailable, "libcurl cannot start: out of memory or file descriptors")
        }
        let loop = TransferLoop(Bell(multi: multi))
        let driver = TransferDriver(multi, loop, configuration)
        let context = Unmanaged.passRetained(driver)
        var thread = pthread_t()
        guard withAllSignalsBlocked({ pthread_create(&thread, nil, driveTransfers, context.toOpaque()) }) == 0
        else {
            context.release()
            ccurl_multi_cleanup(multi)
            throw TransportError(.unavailable, "cannot start a thread for the network")
        }
        let started = thread
        loop.state.withLock { $0.thread = started }
        return loop
    }

    /// Starts a thread that nobody waits for. Where there can be none, nothing happens.
    static func startThread(_ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?) {
        var thread = pthread_t()
        if withAllSignalsBlocked({ pthread_create(&thread, nil, body, nil) }) == 0 { pthread_detach(thread) }
    }

    /// Sends one hop and waits for its end. Cancelling the task takes it off the wire at once.
    func run(_ hop: Hop) async -> HopResult {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(Ticket(id: id, hop: hop, continuation: continuation))
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Ends what is under way with an error and waits for the thread. Called once.
    func stop() {
        order { $0.isStopping = true }
        guard let thread = state.withLock({ $0.thread.take() }) else { return }
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Whether the thread has ended, by ``stop()`` or because libcurl failed within itself.
    var isClosed: Bool { state.withLock { $0.bell == nil } }

    /// Hands the waiting orders over; for the loop's thread.
    func takeOrders() -> Orders {
        state.withLock { state in
            defer { state.orders = Orders() }
            return state.orders
        }
    }

    /// Takes no more orders; those that came too late are handed over. For the loop's thread, before it cleans up.
    func close() -> Orders {
        state.withLock { state in
            state.bell = nil
            defer { state.orders = Orders() }
            return state.orders
        }
    }

    private func submit(_ ticket: Ticket) {
        if !order({ $0.submitted.append(ticket) }) {
            ticket.continuation.resume(returning: .failure(.closed()))
        }
    }

    private func cancel(_ id: UInt64) {
        order { $0.cancelled.append(id) }
    }

    /// Adds to the orders and wakes the thread if it may not know of any yet; `false` when it has ended.
    @discardableResult
    private func order(_ add: (inout Orders) -> Void) -> Bool {
        state.withLock { state in
            guard let bell = state.bell else { return false }
            let wasEmpty = state.orders.isEmpty
            add(&state.orders)
            if wasEmpty { ccurl_multi_wakeup(bell.multi) }
            return true
        }
    }
}

/// A new thread inherits the mask: signals go to the program's own threads, and a broken connection under TLS
/// must not end the process by SIGPIPE.
private func withAllSignalsBlocked<Value>(_ body: () -> Value) -> Value {
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    return body()
}

private func driveTransfers(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<TransferDriver>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
