/// Why a remote did not take a change. The author's replica sets it aside with this reason; the rest goes on.
public struct Refusal: Hashable, Sendable {
    /// The reasons.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The consent was given under a wording that is no longer in force: ask again.
        case wordingOutdated
        /// The reader has not declared to be 16 or over.
        case ageNotConfirmed
        /// The remote has no such article, newsletter or consent.
        case unknownEntity
        /// The newsletter does not come that often.
        case cadenceNotOffered
        /// The change says that its author had seen entries beyond the author's own cursor.
        case seenAhead
        /// The change cannot be read, or is outside a limit.
        case malformed
        /// A reason that this version does not know.
        case other
    }

    /// The number of the change among its author's.
    public var number: UInt64
    /// Why.
    public var code: Code
    /// A sentence for the reader.
    public var detail: String

    /// Makes a refusal.
    public init(number: UInt64, code: Code, detail: String) {
        self.number = number
        self.code = code
        self.detail = detail
    }
}

/// What a log's keeper knows when a change arrives; filled from its store under the reader's lock.
public struct AdmissionContext: Hashable, Sendable {
    /// The largest number of the author that was admitted or refused.
    public var highWater: UInt64
    /// What is on record for the change's number: the digest of what was sent under it.
    public var recorded: Digest128?
    /// The sequence of the cursor that came with the change, already found to be part of the log.
    public var cursor: UInt64
    /// The keeper's clock.
    public var now: WallTime
    /// The wording in force for the change's consent.
    public var wording: ConsentWording?
    /// Whether the reader has declared to be 16 or over.
    public var ageConfirmed: Bool
    /// Whether the change's article, newsletter or consent is known.
    public var entityKnown: Bool
    /// The cadences of the change's newsletter.
    public var cadences: [Cadence]

    /// Makes a context.
    public init(
        highWater: UInt64, recorded: Digest128?, cursor: UInt64, now: WallTime, wording: ConsentWording? = nil,
        ageConfirmed: Bool = false, entityKnown: Bool = true, cadences: [Cadence] = []
    ) {
        self.highWater = highWater
        self.recorded = recorded
        self.cursor = cursor
        self.now = now
        self.wording = wording
        self.ageConfirmed = ageConfirmed
        self.entityKnown = entityKnown
        self.cadences = cadences
    }
}

/// What happens to a change that arrives at a log (DESIGN.md §3). Pure, so that every keeper of a log decides alike.
public enum Admission: Hashable, Sendable {
    /// It is appended as given here; its stamp may have been clamped.
    case appended(Change)
    /// It was admitted or refused before: nothing happens.
    case duplicate
    /// Another change has this number: two machines use one identity.
    case forked
    /// A number before it has not arrived.
    case gap
    /// It is not taken; its number counts as used.
    case refused(Refusal)

    /// Decides on one change.
    public static func decide(_ change: Change, in context: AdmissionContext) -> Admission {
        let number = change.id.number
        if number <= context.highWater {
            return context.recorded == change.contentDigest ? .duplicate : .forked
        }
        guard number == context.highWater + 1 else { return .gap }
        if let (code, detail) = objection(to: change, in: context) {
            return .refused(Refusal(number: number, code: code, detail: detail))
        }
        var admitted = change
        admitted.stamp = HybridClock.clamp(change.stamp, at: context.now)
        return .appended(admitted)
    }

    private static func objection(to change: Change, in context: AdmissionContext) -> (Refusal.Code, String)? {
        if change.seen.through > context.cursor || change.seen.also.contains(where: { $0 > context.cursor }) {
            return (.seenAhead, "the change claims to have seen entries that its replica has not pulled")
        }
        // What takes a consent or a subscription back is never refused, whatever the catalog has become.
        if change.isOptOut { return nil }
        guard context.entityKnown else {
            return (.unknownEntity, "the server does not know what the change is about")
        }
        switch (change.key.field, change.value) {
        case (.consent, .consent(true, let terms)):
            guard let wording = context.wording, wording.version == terms.wordingVersion,
                wording.hash == terms.wordingHash
            else { return (.wordingOutdated, "the wording of this consent has changed; read it and decide anew") }
        case (.subscribed, .flag(true)):
            guard context.ageConfirmed else {
                return (.ageNotConfirmed, "newsletters are for readers of 16 and over; confirm your age first")
            }
        case (.frequency, .frequency(let cadence)):
            guard context.cadences.contains(cadence) else {
                return (.cadenceNotOffered, "this newsletter does not come '\(cadence)'")
            }
        default: break
        }
        return nil
    }
}
