/// A promise that did not hold.
public struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// The promises; names as in Protocol/spec.md where it names them.
    public enum Promise: String, CaseIterable, Hashable, Sendable {
        /// Every change is in exactly one state on the replica that made it, and none goes missing (conservation).
        case conservation
        /// Replicas of a reader that heard everything are equal, byte for byte.
        case convergence
        /// What replicas show is what the naive model of the specification shows.
        case model
        /// No acknowledged change is absent from the log.
        case acknowledged
        /// Every value that lost can be brought back.
        case losers
        /// No opt-in wins over an opt-out that its author had not seen.
        case optOut
        /// Nothing is read that nobody marked.
        case unseen
        /// A cursor never passes an entry that was not applied.
        case cursor
        /// Compaction leaves nothing behind that it should take.
        case bounded
        /// When faults stop, every device comes to rest in a bounded number of syncs, with nothing pending.
        case progress
        /// What is set aside has a reason, and no opt-out ever is.
        case setAside
        /// The replica's own check finds nothing.
        case integrity
        /// No stamp in the log is further ahead of its receipt than is tolerated.
        case clock
        /// What a reader has just said is what the device shows.
        case shown
        /// No error but those that were injected.
        case error
        /// The same seed takes the same steps.
        case repeatable
    }

    /// Which promise.
    public var promise: Promise
    /// Where, and what was found instead.
    public var detail: String

    /// Makes a violation.
    public init(_ promise: Promise, _ detail: String) {
        self.promise = promise
        self.detail = detail
    }

    /// `promise: detail`.
    public var description: String { "\(promise.rawValue): \(detail)" }
}
