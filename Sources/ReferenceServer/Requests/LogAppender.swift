import SyncCore

/// Appends changes to a reader's log, and keeps everything that follows from the log in step: registers, the
/// record of consents, and what is known of subscriptions. ``finish()`` moves the head, once for all of them.
struct LogAppender {
    let log: any ReaderLogWriter
    private(set) var sequence: UInt64
    private(set) var prefix: Digest128
    private var registers: [RegisterKey: Register] = [:]
    private var highest: [ReplicaID: UInt64] = [:]

    init(log: any ReaderLogWriter, head: ReaderHead) {
        self.log = log
        sequence = head.sequence
        prefix = head.prefix
    }

    /// Appends a change as the next entry.
    mutating func append(_ change: Change, received: WallTime, digest: Digest128) throws {
        try append(LogEntry(sequence: sequence + 1, received: received, change: change), digest: digest)
    }

    /// Appends an entry, whose sequence must be the next one.
    mutating func append(_ entry: LogEntry, digest: Digest128) throws {
        precondition(entry.sequence == sequence + 1, "the log is gapless")
        let key = entry.change.key
        var register = try registers[key] ?? log.register(key)
        let replaced = register.apply(entry.change, at: .logged(entry.sequence)) ?? []
        prefix = entry.prefix(after: prefix)
        sequence = entry.sequence
        try log.append(entry, prefix: prefix, digest: digest)
        let version = register.versions.last { $0.position == .logged(entry.sequence) }
        try log.replace(replaced, by: version, of: entry)
        registers[key] = register
        let author = entry.change.id.replica
        highest[author] = max(highest[author] ?? 0, entry.change.id.number)
        try follow(entry, register)
    }

    /// Moves the head and the authors' high-water marks. Nothing may be appended after this.
    func finish() throws {
        guard !highest.isEmpty else { return }
        try log.moveHead(
            to: sequence, prefix: prefix,
            newest: highest.map { ChangeID(replica: $0, number: $1) }.sorted())
    }

    private func follow(_ entry: LogEntry, _ register: Register) throws {
        switch (entry.change.key.entity, entry.change.value) {
        case (.consent, .consent(let given, let terms)):
            try log.record(entry, given: given, terms: terms)
        case (.newsletter(let name), .flag) where entry.change.key.field == .subscribed:
            // What counts is what the register shows: a request that lost to a concurrent opt-out starts nothing.
            if register.outcome?.value == .flag(true) {
                if try log.delivery(of: name) == nil {
                    try log.setDelivery(.pendingConfirmation, of: name)
                }
            } else {
                try log.setDelivery(nil, of: name)
            }
        default: break
        }
    }
}
