import CCurlShim
import SyncPorts

/// The work of the loop's thread: owns the multi handle and every transfer in it. Made by `TransferLoop.start`,
/// then used by the new thread alone.
final class TransferDriver {
    private struct Transfer {
        let ticket: Ticket
        let handle: EasyHandle
        let exchange: Exchange
    }

    private let multi: UnsafeMutableRawPointer
    private let loop: TransferLoop
    private let configuration: CurlTransport.Configuration
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
    private var handles: [UInt64: UnsafeMutableRawPointer] = [:]
    private var spareHandles: [EasyHandle] = []
    /// No transfer's deadline is earlier; may be earlier than all of them.
    private var nextDeadline: ContinuousClock.Instant?

    init(_ multi: UnsafeMutableRawPointer, _ loop: TransferLoop, _ configuration: CurlTransport.Configuration) {
        self.multi = multi
        self.loop = loop
        self.configuration = configuration
        let total = min(max(1, configuration.maximumConnections), 10_000)
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, total)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, total)
        ccurl_multi_set_long(
            multi, CURLMOPT_MAX_HOST_CONNECTIONS, min(max(1, configuration.maximumConnectionsPerHost), total))
        ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    func run() {
        while true {
            let orders = loop.takeOrders()
            orders.submitted.forEach(begin)
            orders.cancelled.forEach { end($0, .cancelled()) }
            if orders.isStopping { break }
            guard ccurl_multi_perform(multi) == CURLM_OK else {
                endAll(TransportError(.unavailable, "libcurl failed within itself; try again"))
                break
            }
            finishDone()
            expire()
            ccurl_multi_poll(multi, Int32(timeToNextDeadline))
        }
        shutDown()
    }

    private func begin(_ ticket: Ticket) {
        do throws(TransportError) {
            let handle = try spareHandle()
            let exchange = Exchange(ticket.hop, configuration)
            try handle.prepare(exchange, configuration)
            guard ccurl_multi_add(multi, handle.curl) == CURLM_OK else {
                throw TransportError(.unavailable, "libcurl takes no more requests")
            }
            transfers[handle.curl] = Transfer(ticket: ticket, handle: handle, exchange: exchange)
            handles[ticket.id] = handle.curl
            nextDeadline = min(nextDeadline ?? ticket.hop.deadline, ticket.hop.deadline)
        } catch {
            ticket.continuation.resume(returning: .failure(error))
        }
    }

    private func spareHandle() throws(TransportError) -> EasyHandle {
        if let spare = spareHandles.popLast() { return spare }
        return try EasyHandle()
    }

    private func finishDone() {
        var code = CURLE_OK
        while let curl = ccurl_multi_next_done(multi, &code) {
            guard let transfer = transfers[curl] else { continue }
            finish(transfer, result(of: transfer, code))
        }
    }

    private func result(of transfer: Transfer, _ code: CURLcode) -> HopResult {
        let exchange = transfer.exchange
        // Enough of a redirect is known once its header is there; its body is of no use.
        let isEnough = code == CURLE_OK || exchange.stop == .redirectBodySkipped || exchange.stop == .enough
        guard isEnough else {
            return .failure(Failure(code: code, exchange: exchange, handle: transfer.handle).error)
        }
        guard exchange.head.isComplete else {
            return .failure(
                TransportError(
                    .brokenAnswer,
                    "what answers at \(exchange.hop.url.authority) is not HTTP; check the address and the port"
                ))
        }
        guard exchange.isBodyWhole || exchange.stop == .enough else {
            return .failure(
                TransportError(
                    .brokenAnswer,
                    "the compressed answer of \(exchange.hop.url.authority) ends before it is complete; try again"))
        }
        return .success(
            HopAnswer(
                status: exchange.head.status, fields: exchange.head.fields, body: exchange.body,
                redirectTarget: exchange.followedRedirect))
    }

    /// Takes the transfer off the wire, then answers the call that waits for it.
    private func finish(_ transfer: Transfer, _ result: HopResult) {
        ccurl_multi_remove(multi, transfer.handle.curl)
        transfers[transfer.handle.curl] = nil
        handles[transfer.ticket.id] = nil
        transfer.handle.reset()
        if spareHandles.count < configuration.maximumConnections { spareHandles.append(transfer.handle) }
        transfer.ticket.continuation.resume(returning: result)
    }

    private func end(_ id: UInt64, _ error: TransportError) {
        guard let curl = handles[id], let transfer = transfers[curl] else { return }
        finish(transfer, .failure(error))
    }

    private func endAll(_ error: TransportError) {
        for transfer in Array(transfers.values) { finish(transfer, .failure(error)) }
    }

    private func expire() {
        guard let earliest = nextDeadline, earliest <= .now else { return }
        let now = ContinuousClock.now
        for transfer in Array(transfers.values) where transfer.ticket.hop.deadline <= now {
            finish(transfer, .failure(.timedOut(transfer.ticket.hop)))
        }
        nextDeadline = transfers.values.lazy.map(\.ticket.hop.deadline).min()
    }

    /// In milliseconds; an hour when nothing is under way, for a wakeup ends the wait in any case.
    private var timeToNextDeadline: Int {
        guard let nextDeadline else { return 3_600_000 }
        return min((nextDeadline - .now).milliseconds, 3_600_000)
    }

    private func shutDown() {
        for ticket in loop.close().submitted { ticket.continuation.resume(returning: .failure(.closed())) }
        endAll(.closed())
        spareHandles = []
        ccurl_multi_cleanup(multi)
    }
}
