public import SyncCore

/// A change as it came out of a push: read whole, or known only by its number.
public struct PushedItem: Hashable, Sendable {
    /// What could be read.
    public enum Content: Hashable, Sendable {
        /// The change.
        case change(Change)
        /// The change cannot be made out, for this reason.
        case unreadable(Refusal.Code, String)
    }

    /// Its place among its author's changes.
    public var number: UInt64
    /// What could be read.
    public var content: Content
    /// The digest of the message as it was sent; names what has no change. Needed where there is no change, or
    /// where the number was refused before.
    public var messageDigest: Digest128?

    /// Makes an item.
    public init(number: UInt64, content: Content, messageDigest: Digest128? = nil) {
        self.number = number
        self.content = content
        self.messageDigest = messageDigest
    }
}

/// What a log's keeper has on record for one number of a replica.
public struct NumberRecord: Hashable, Sendable {
    /// The digest of what was sent under the number.
    public var digest: Digest128
    /// Why it was not taken; `nil` if it was.
    public var refusal: Refusal?
    /// Where its entry stands, or stood before it was compacted away; `nil` if it was refused, or if nobody knows.
    public var sequence: UInt64?
    /// Of an entry that was compacted away, the replica of ``SyncCore/Change/nameWhereTaken``: what it said; `nil` if
    /// nobody knows.
    public var says: UInt64?

    /// Makes a record.
    public init(digest: Digest128, refusal: Refusal? = nil, sequence: UInt64? = nil, says: UInt64? = nil) {
        self.digest = digest
        self.refusal = refusal
        self.sequence = sequence
        self.says = says
    }
}

/// Everything that decides about a push, loaded under the reader's lock.
public struct PushContext: Sendable {
    /// The largest number of the author that was admitted or refused.
    public var highWater: UInt64
    /// What is on record for pushed numbers up to ``highWater``.
    public var records: [UInt64: NumberRecord]
    /// The sequence of the cursor that came with the push, already found to be part of the log.
    public var cursor: UInt64
    /// The keeper's clock.
    public var now: WallTime
    /// The wordings in force.
    public var wordings: [EntityName: ConsentWording]
    /// Whether the reader has declared to be 16 or over.
    public var ageConfirmed: Bool
    /// The newsletters on offer and their cadences.
    public var cadences: [EntityName: [Cadence]]

    /// Makes a context.
    public init(
        highWater: UInt64, records: [UInt64: NumberRecord], cursor: UInt64, now: WallTime,
        wordings: [EntityName: ConsentWording], ageConfirmed: Bool, cadences: [EntityName: [Cadence]]
    ) {
        self.highWater = highWater
        self.records = records
        self.cursor = cursor
        self.now = now
        self.wordings = wordings
        self.ageConfirmed = ageConfirmed
        self.cadences = cadences
    }
}

/// Why a push is turned away as a whole: nothing of it is applied.
public enum PushStop: Error, Hashable, Sendable {
    /// Another change has this number: two machines use one identity.
    case forked(number: UInt64)
    /// A number before this one has not arrived.
    case gap(number: UInt64, expected: UInt64)
}

/// Decides about the changes of one push, one after the other, each in the light of those before it. Pure: the
/// keeper loads the context, and writes what the session holds at the end in the same transaction.
public struct PushSession: Sendable {
    /// A change to append.
    public struct Admitted: Hashable, Sendable {
        /// The change as it goes into the log.
        public var change: Change
        /// The digest of what was sent.
        public var digest: Digest128
    }

    /// A number that is used up without an entry in the log.
    public struct Spent: Hashable, Sendable {
        /// Why.
        public var refusal: Refusal
        /// The digest of what was sent.
        public var digest: Digest128
    }

    private var context: PushContext
    /// Changes to append, in order.
    public private(set) var admitted: [Admitted] = []
    /// Numbers that are newly used up.
    public private(set) var spent: [Spent] = []
    /// All refusals to report, those of redelivered changes included.
    public private(set) var refused: [Refusal] = []
    /// Numbers of redelivered changes that were taken, and whose entries the answer's page cannot hold, since they
    /// stand at or before the author's cursor or were compacted away.
    public private(set) var settled: [UInt64] = []

    /// Starts with what was loaded.
    public init(_ context: PushContext) {
        self.context = context
    }

    /// The author's high-water mark after what was taken so far.
    public var highWater: UInt64 { context.highWater }

    /// Takes the next item of the push.
    ///
    /// - Throws: ``PushStop``; then nothing of the whole push may be applied.
    public mutating func take(_ item: PushedItem) throws(PushStop) {
        switch item.content {
        case .change(let change): try take(change, item)
        case .unreadable(let code, let detail):
            let refusal = Refusal(number: item.number, code: code, detail: detail)
            let digest = item.messageDigest ?? .zero
            if item.number <= context.highWater {
                try redelivered(item.number, digests: [digest])
            } else {
                try checkNext(item.number)
                refuse(refusal, digest)
            }
        }
    }

    private mutating func take(_ change: Change, _ item: PushedItem) throws(PushStop) {
        let digest = change.contentDigest
        if change.id.number <= context.highWater {
            // A change that was refused before it could be made out is on record by its message.
            return try redelivered(change.id.number, digests: [digest, item.messageDigest ?? digest])
        }
        switch Admission.decide(change, in: admissionContext(of: change)) {
        case .appended(let appended):
            admitted.append(Admitted(change: appended, digest: digest))
            // Its sequence is not known yet, but is beyond every cursor.
            note(change, NumberRecord(digest: digest, sequence: .max))
        case .refused(let refusal): refuse(refusal, digest)
        case .gap: throw .gap(number: change.id.number, expected: context.highWater + 1)
        case .forked, .duplicate: throw .forked(number: change.id.number)
        }
    }

    private mutating func redelivered(_ number: UInt64, digests: [Digest128]) throws(PushStop) {
        guard let record = context.records[number], digests.contains(record.digest) else {
            throw .forked(number: number)
        }
        if let refusal = record.refusal {
            if !refused.contains(where: { $0.number == number }) { refused.append(refusal) }
        } else if (record.sequence ?? 0) <= context.cursor, !settled.contains(number) {
            settled.append(number)
        }
    }

    private func checkNext(_ number: UInt64) throws(PushStop) {
        guard number == context.highWater + 1 else {
            throw .gap(number: number, expected: context.highWater + 1)
        }
    }

    private mutating func refuse(_ refusal: Refusal, _ digest: Digest128) {
        spent.append(Spent(refusal: refusal, digest: digest))
        refused.append(refusal)
        context.records[refusal.number] = NumberRecord(digest: digest, refusal: refusal)
        context.highWater = refusal.number
    }

    private mutating func note(_ change: Change, _ record: NumberRecord) {
        context.records[change.id.number] = record
        context.highWater = change.id.number
        if change.key.field == .ageConfirmed, change.value == .flag(true) { context.ageConfirmed = true }
    }

    private func admissionContext(of change: Change) -> AdmissionContext {
        var wording: ConsentWording?
        var cadences: [Cadence] = []
        let known: Bool
        switch change.key.entity {
        case .newsletter(let name):
            known = context.cadences[name] != nil
            cadences = context.cadences[name] ?? []
        case .consent(let name):
            wording = context.wordings[name]
            known = wording != nil
        // An article is known by its identity, whether the catalog holds it or not: a replica reads feeds of its own.
        case .article, .reader, .other: known = true
        }
        return AdmissionContext(
            highWater: context.highWater, recorded: nil, cursor: context.cursor, now: context.now,
            wording: wording, ageConfirmed: context.ageConfirmed, entityKnown: known, cadences: cadences)
    }
}
