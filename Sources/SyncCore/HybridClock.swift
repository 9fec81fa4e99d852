/// A hybrid logical clock (Kulkarni et al. 2014): each stamp is later than every stamp made or observed before,
/// and as near to civil time as that allows. A value; whoever owns it hands in the time and stores it.
///
/// The physical part is corrected by the offset to the remote's clock that the last sync measured. A clock that
/// ran ahead is pulled back then: stamps decide only between concurrent changes of different replicas, and the
/// order of one replica's own changes comes from their numbers, so a stamp may go back without harm.
public struct HybridClock: Hashable, Sendable {
    /// The last stamp made or observed.
    public private(set) var last: HybridTimestamp
    /// What is added to the local clock to get the remote's, in milliseconds.
    public private(set) var offset: Int64

    /// How far ahead of the remote's clock a stamp may be, in milliseconds (DESIGN.md §3: 60 s).
    public static let toleratedLead: Int64 = 60_000

    /// Makes a clock that goes on from a stored state.
    public init(last: HybridTimestamp = HybridTimestamp(rawValue: 0), offset: Int64 = 0) {
        self.last = last
        self.offset = offset
    }

    /// Civil time as the remote would tell it.
    public func corrected(_ local: WallTime) -> WallTime { local.advanced(by: offset) }

    /// The stamp of an event that happens now.
    public mutating func tick(at local: WallTime) -> HybridTimestamp {
        let physical = HybridTimestamp(milliseconds: corrected(local).milliseconds)
        last = physical > last ? physical : last.successor
        return last
    }

    /// Takes note of a stamp that came from elsewhere, so that later local stamps are later than it. A stamp
    /// beyond the tolerated lead is not followed: one device with a wrong clock must not drag the others along.
    public mutating func observe(_ stamp: HybridTimestamp, at local: WallTime) {
        let limit = corrected(local).advanced(by: Self.toleratedLead)
        guard stamp.milliseconds <= limit.milliseconds else { return }
        last = max(last, stamp)
    }

    /// Takes over the remote's time, measured at a local instant, and pulls back a clock that ran ahead of it.
    public mutating func synchronize(remote: WallTime, at local: WallTime) {
        let (difference, overflow) = remote.milliseconds.subtractingReportingOverflow(local.milliseconds)
        guard !overflow else { return }
        offset = difference
        let limit = HybridTimestamp(
            milliseconds: remote.advanced(by: Self.toleratedLead).milliseconds, counter: .max)
        if last > limit {
            last = HybridTimestamp(milliseconds: remote.milliseconds)
        }
    }

    /// The stamp a remote stores for `stamp` when it arrives at `now`: itself, or, if it is further ahead than
    /// tolerated, the end of the tolerated lead.
    public static func clamp(_ stamp: HybridTimestamp, at now: WallTime) -> HybridTimestamp {
        let limit = now.advanced(by: toleratedLead).milliseconds
        return stamp.milliseconds <= limit ? stamp : HybridTimestamp(milliseconds: limit)
    }
}
