import SyncCore
import SyncPorts
import SyncSession

// What each action of a session means.
extension SyncEngine {
    func isRemote(_ action: ClientSession.Action) -> Bool {
        switch action {
        case .exchange, .fetchCatalog, .findCommon, .restore, .fetchSnapshot, .wait: true
        case .loadPush, .applyReply, .applyHolding, .applyPolicies, .applyCatalog, .loadCheckpoints, .loadOffers,
            .recordRestore,
            .stage, .adopt, .reidentify, .finish:
            false
        }
    }

    /// Performs an action on the replica.
    func perform(_ action: ClientSession.Action) throws(SyncEngineError) -> ClientSession.Event? {
        try stored {
            switch action {
            case .loadPush(let limit, let fields, let number):
                return .pushLoaded(try store.changesToPush(limit: limit, fields: fields, after: number))
            case .applyReply(let reply):
                return .applied(try store.apply(reply, at: clock.now()), try store.syncState())
            case .applyHolding(let replies):
                switch try store.apply(holding: replies, at: clock.now()) {
                case .applied(let summary): return .applied(summary, try store.syncState())
                case .held(let flips): return .held(flips)
                }
            case .applyPolicies: return .policiesApplied(try store.settleByPolicy(at: clock.now()))
            case .applyCatalog(let page, let resets):
                return .catalogApplied(try store.apply(page, resets: resets))
            case .loadCheckpoints(let limit): return .checkpointsLoaded(try store.checkpoints(limit: limit))
            case .loadOffers(let after, let common, let limit):
                return .offersLoaded(try store.offers(after: after, common: common, limit: limit))
            case .recordRestore(let offer, let reply):
                try store.recordRestore(offer, reply: reply)
                return nil
            case .stage(let page, let isFirst):
                try store.stage(page, isFirst: isFirst)
                return nil
            case .adopt(let common, let holdsFlips):
                switch try store.adoptSnapshot(common: common, holdsFlips: holdsFlips, at: clock.now()) {
                case .applied(let summary): return .adopted(summary, try store.syncState())
                case .held(let flips): return .held(flips)
                }
            case .reidentify(let replica):
                try store.reidentify(as: replica)
                return .reidentified(try store.syncState())
            case .exchange, .fetchCatalog, .findCommon, .restore, .fetchSnapshot, .wait, .finish: return nil
            }
        }
    }

    /// Asks the remote, or lets time pass.
    static func ask(
        _ action: ClientSession.Action, remote: any Remote, sleeper: any Sleeper
    ) async -> ClientSession.Event {
        do {
            switch action {
            case .exchange(let exchange): return .replied(try await remote.exchange(exchange))
            case .fetchCatalog(let request): return .catalogPage(request, try await remote.catalogPage(request))
            case .findCommon(let cursors): return .commonFound(try await remote.commonCursor(of: cursors))
            case .restore(let offer): return .restored(try await remote.restore(offer))
            case .fetchSnapshot(let token): return .snapshot(try await remote.snapshotPage(after: token))
            case .wait(let duration):
                // The session's backoff: it has no clock of its own.
                try await sleeper.sleep(for: duration)
                return .waited
            default: return .failed(RemoteError(.refused, "the session asked for what no remote does"), action)
            }
        } catch let error as RemoteError {
            return .failed(error, action)
        } catch {
            return .failed(RemoteError(.cancelled, "the sync was stopped", remedy: "sync again to go on"), action)
        }
    }
}
