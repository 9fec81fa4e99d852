import SyncCore

/// One register as the table `change` holds it: the server's fold, and the replica's own changes on top.
struct LiveRegister {
    /// A row in state `current`.
    struct Logged {
        var place: Int64
        var version: Version
    }

    /// A row in state `pending`.
    struct Pending {
        var place: Int64
        var change: Change
    }

    /// The versions of the server's fold, in log order.
    var logged: [Logged] = []
    /// The replica's own changes that no remote has acknowledged: numbered ones by number, then by place.
    var pending: [Pending] = []

    /// The server's fold.
    var base: Register { Register(versions: logged.map(\.version)) }

    /// What the replica shows: the server's fold with the pending changes replayed on top.
    var folded: Register {
        var register = base
        for (index, item) in pending.enumerated() {
            register.apply(item.change, at: .pending(UInt64(index) + 1))
        }
        return register
    }

    /// Whether there is anything to be merged.
    var hasSeveral: Bool { logged.count + pending.count > 1 }

    /// What the replica shows, and why; `nil` if the register is empty. One version alone, as nearly all registers
    /// have it, needs no merge.
    var outcome: Outcome? {
        if hasSeveral { return folded.outcome }
        guard
            let version = logged.first?.version
                ?? pending.first.map({ Version(change: $0.change, position: .pending(1), noteBase: "") })
        else { return nil }
        return Register(versions: [version]).outcome
    }

    /// The row of a version.
    func place(of version: Version) -> Int64? {
        switch version.position {
        case .logged: logged.first { $0.version == version }?.place
        case .pending(let index):
            pending.indices.contains(Int(index) - 1) ? pending[Int(index) - 1].place : nil
        }
    }

    /// The pending change that has not left, if there is one.
    var unsent: Pending? { pending.last { !$0.change.id.isNumbered } }
}

extension Field {
    /// What a field that nobody has set shows; `nil` where "never said" is an answer of its own.
    var initialValue: Value? {
        switch self {
        case .read: .read(false, by: .bulk)
        case .saved, .tag, .ageConfirmed: .flag(false)
        case .progress: .progress(0)
        case .note: .note("", base: "")
        // Whoever unsubscribes means it, even if this replica has not heard of the subscription.
        case .subscribed, .frequency, .consent, .other: nil
        }
    }
}
